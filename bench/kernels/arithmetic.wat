;; Computes: two million steps of a hash whose loop body is as long as a compiler's.
(module
  (func (export "run") (result i32)
    (local $hash i64) (local $step i64)
    (local.set $hash (i64.const 0x9e3779b97f4a7c15))
    (loop $next
      (local.set $hash (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 30))))
      (local.set $hash (i64.mul (local.get $hash) (i64.const 0xbf58476d1ce4e5b9)))
      (local.set $hash (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 27))))
      (local.set $hash (i64.mul (local.get $hash) (i64.const 0x94d049bb133111eb)))
      (local.set $hash (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 31))))
      (local.set $hash (i64.add (local.get $hash) (local.get $step)))
      (local.set $step (i64.add (local.get $step) (i64.const 1)))
      (br_if $next (i64.lt_u (local.get $step) (i64.const 2000000))))
    (i32.wrap_i64 (local.get $hash))))
