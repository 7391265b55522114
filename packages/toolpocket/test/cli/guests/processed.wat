;; What the guide's first guest does: answers "processed: " and the request's input, as it stands in the request.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 4)
  ;; 0: iovec; 8: count; 16: key; 64: beginning of the answer; 192: its end; 1024: the request
  (data (i32.const 16) "\"input\":\"")
  (data (i32.const 64) "{\"contract_version\":\"v1\",\"status\":\"ok\",\"output\":\"processed: ")
  (data (i32.const 192) "\"}")

  (func $print (param $at i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $length))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))

  ;; Where the text after the key begins.
  (func $find (result i32)
    (local $at i32) (local $same i32)
    (local.set $at (i32.const 1024))
    (loop $next
      (local.set $same (i32.const 0))
      (loop $compare
        (if (i32.eq (i32.load8_u (i32.add (local.get $at) (local.get $same)))
                    (i32.load8_u offset=16 (local.get $same)))
          (then
            (local.set $same (i32.add (local.get $same) (i32.const 1)))
            (br_if $compare (i32.lt_u (local.get $same) (i32.const 9))))))
      (if (i32.lt_u (local.get $same) (i32.const 9))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    (i32.add (local.get $at) (i32.const 9)))

  ;; Where the text that begins at $at ends: at a quotation mark with no backslash before it.
  (func $end (param $at i32) (result i32)
    (loop $next
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 92))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 2)))
          (br $next)))
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 34))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next))))
    (local.get $at))

  (func (export "_start")
    (local $start i32)
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 200000))
    (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (local.set $start (call $find))
    (call $print (i32.const 64) (i32.const 60))
    (call $print (local.get $start) (i32.sub (call $end (local.get $start)) (local.get $start)))
    (call $print (i32.const 192) (i32.const 2))))
