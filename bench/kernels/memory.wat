;; Walks through memory: the sieve of Eratosthenes up to one million; gives the number of primes.
(module
  (memory (export "memory") 16)
  (func (export "run") (result i32)
    (local $number i32) (local $multiple i32) (local $primes i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 1000000))
    (local.set $number (i32.const 2))
    (loop $next
      (if (i32.eqz (i32.load8_u (local.get $number)))
        (then
          (local.set $primes (i32.add (local.get $primes) (i32.const 1)))
          (local.set $multiple (i32.shl (local.get $number) (i32.const 1)))
          (block $done
            (loop $strike
              (br_if $done (i32.ge_u (local.get $multiple) (i32.const 1000000)))
              (i32.store8 (local.get $multiple) (i32.const 1))
              (local.set $multiple (i32.add (local.get $multiple) (local.get $number)))
              (br $strike)))))
      (local.set $number (i32.add (local.get $number) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $number) (i32.const 1000000))))
    (local.get $primes)))
