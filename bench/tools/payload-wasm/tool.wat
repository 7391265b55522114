;; Reads its request. Answers, as contract v1 has it, with an output of 10,485,760 letters, or with none when the request
;; was large itself.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 64) "{\"contract_version\":\"v1\",\"status\":\"ok\",\"output\":\"")
  (data (i32.const 128) "\"}")
  (func $send (param $from i32) (param $bytes i32)
    (i32.store (i32.const 0) (local.get $from))
    (i32.store (i32.const 4) (local.get $bytes))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $receive (result i32)
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 65536))
    (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.load (i32.const 8)))
  (func (export "_start")
    (local $left i32) (local $bytes i32) (local $total i32)
    (loop $more
      (local.set $total (i32.add (local.get $total) (local.tee $bytes (call $receive))))
      (br_if $more (local.get $bytes)))
    (memory.fill (i32.const 1024) (i32.const 120) (i32.const 65536))
    (call $send (i32.const 64) (i32.const 49))
    (local.set $left (i32.const 160))
    (if (i32.lt_u (local.get $total) (i32.const 1048576))
      (then
        (loop $next
          (call $send (i32.const 1024) (i32.const 65536))
          (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))
    (call $send (i32.const 128) (i32.const 2))))
