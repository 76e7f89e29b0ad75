;; The inner loops of training and search, four numbers at a time: see kernel.ts. Built by `npm run wasm` to kernel.wasm.
;; Products are rounded before they are added (no relaxed_madd), so that every machine trains the same head.
(module
  ;; The largest training takes some 9 MB: see ridge.ts.
  (memory (export "memory") 1 160)

  ;; y += scale × x, over $floats numbers, a multiple of 4.
  (func (export "addScaled") (param $scale f32) (param $x i32) (param $y i32) (param $floats i32)
    (local $end i32)
    (local $factor v128)
    (local.set $factor (f32x4.splat (local.get $scale)))
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $floats) (i32.const 2))))
    (block $done
      (br_if $done (i32.ge_u (local.get $x) (local.get $end)))
      (loop $next
        (v128.store
          (local.get $y)
          (f32x4.add
            (v128.load (local.get $y))
            (f32x4.mul (local.get $factor) (v128.load (local.get $x)))))
        (local.set $y (i32.add (local.get $y) (i32.const 16)))
        (br_if $next
          (i32.lt_u
            (local.tee $x (i32.add (local.get $x) (i32.const 16)))
            (local.get $end))))))

  ;; The products of one row with $count others, which begin $stride bytes apart: $floats numbers each, a multiple of 4,
  ;; 4 rows at once. So $count is rounded up to a multiple of 4, for what is read and for what is written to $out.
  (func (export "products")
    (param $row i32) (param $rows i32) (param $stride i32) (param $count i32) (param $floats i32) (param $out i32)
    (local $x i32) (local $end i32) (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (local $last i32)
    (local $v v128) (local $sa v128) (local $sb v128) (local $sc v128) (local $sd v128)
    (local.set $last (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $end (i32.add (local.get $row) (i32.shl (local.get $floats) (i32.const 2))))
    (block $none
      (br_if $none (i32.le_s (local.get $count) (i32.const 0)))
      (loop $rows4
        (local.set $a (local.get $rows))
        (local.set $b (i32.add (local.get $a) (local.get $stride)))
        (local.set $c (i32.add (local.get $b) (local.get $stride)))
        (local.set $d (i32.add (local.get $c) (local.get $stride)))
        (local.set $rows (i32.add (local.get $d) (local.get $stride)))
        (local.set $sa (v128.const f32x4 0 0 0 0))
        (local.set $sb (v128.const f32x4 0 0 0 0))
        (local.set $sc (v128.const f32x4 0 0 0 0))
        (local.set $sd (v128.const f32x4 0 0 0 0))
        (local.set $x (local.get $row))
        (block $summed
          (br_if $summed (i32.ge_u (local.get $x) (local.get $end)))
          (loop $numbers
            (local.set $v (v128.load (local.get $x)))
            (local.set $sa (f32x4.add (local.get $sa) (f32x4.mul (local.get $v) (v128.load (local.get $a)))))
            (local.set $sb (f32x4.add (local.get $sb) (f32x4.mul (local.get $v) (v128.load (local.get $b)))))
            (local.set $sc (f32x4.add (local.get $sc) (f32x4.mul (local.get $v) (v128.load (local.get $c)))))
            (local.set $sd (f32x4.add (local.get $sd) (f32x4.mul (local.get $v) (v128.load (local.get $d)))))
            (local.set $a (i32.add (local.get $a) (i32.const 16)))
            (local.set $b (i32.add (local.get $b) (i32.const 16)))
            (local.set $c (i32.add (local.get $c) (i32.const 16)))
            (local.set $d (i32.add (local.get $d) (i32.const 16)))
            (br_if $numbers
              (i32.lt_u
                (local.tee $x (i32.add (local.get $x) (i32.const 16)))
                (local.get $end)))))
        ;; Transposed, so that one sum of vectors makes all four totals.
        (local.set $v
          (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $sa) (local.get $sb)))
        (local.set $sa
          (f32x4.add
            (local.get $v)
            (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $sa) (local.get $sb))))
        (local.set $v
          (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $sc) (local.get $sd)))
        (local.set $sc
          (f32x4.add
            (local.get $v)
            (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $sc) (local.get $sd))))
        (v128.store
          (local.get $out)
          (f32x4.add
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $sa) (local.get $sc))
            (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $sa) (local.get $sc))))
        (br_if $rows4
          (i32.lt_u
            (local.tee $out (i32.add (local.get $out) (i32.const 16)))
            (local.get $last))))))

  ;; In how many of 1024 bits one row differs from each of $count others: to $out as i32.
  (func (export "differences") (param $row i32) (param $rows i32) (param $count i32) (param $out i32)
    (local $end i32)
    (local $sum v128)
    (local $r0 v128) (local $r1 v128) (local $r2 v128) (local $r3 v128)
    (local $r4 v128) (local $r5 v128) (local $r6 v128) (local $r7 v128)
    (local.set $r0 (v128.load (local.get $row)))
    (local.set $r1 (v128.load offset=16 (local.get $row)))
    (local.set $r2 (v128.load offset=32 (local.get $row)))
    (local.set $r3 (v128.load offset=48 (local.get $row)))
    (local.set $r4 (v128.load offset=64 (local.get $row)))
    (local.set $r5 (v128.load offset=80 (local.get $row)))
    (local.set $r6 (v128.load offset=96 (local.get $row)))
    (local.set $r7 (v128.load offset=112 (local.get $row)))
    (local.set $end (i32.add (local.get $rows) (i32.shl (local.get $count) (i32.const 7))))
    (block $done
      (br_if $done (i32.ge_u (local.get $rows) (local.get $end)))
      (loop $next
        ;; Eight counts of at most 8 fit a byte.
        (local.set $sum (i8x16.popcnt (v128.xor (local.get $r0) (v128.load (local.get $rows)))))
        (local.set $sum
          (i8x16.add (local.get $sum) (i8x16.popcnt (v128.xor (local.get $r1) (v128.load offset=16 (local.get $rows))))))
        (local.set $sum
          (i8x16.add (local.get $sum) (i8x16.popcnt (v128.xor (local.get $r2) (v128.load offset=32 (local.get $rows))))))
        (local.set $sum
          (i8x16.add (local.get $sum) (i8x16.popcnt (v128.xor (local.get $r3) (v128.load offset=48 (local.get $rows))))))
        (local.set $sum
          (i8x16.add (local.get $sum) (i8x16.popcnt (v128.xor (local.get $r4) (v128.load offset=64 (local.get $rows))))))
        (local.set $sum
          (i8x16.add (local.get $sum) (i8x16.popcnt (v128.xor (local.get $r5) (v128.load offset=80 (local.get $rows))))))
        (local.set $sum
          (i8x16.add (local.get $sum) (i8x16.popcnt (v128.xor (local.get $r6) (v128.load offset=96 (local.get $rows))))))
        (local.set $sum
          (i8x16.add (local.get $sum) (i8x16.popcnt (v128.xor (local.get $r7) (v128.load offset=112 (local.get $rows))))))
        (local.set $sum (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $sum))))
        (i32.store
          (local.get $out)
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
            (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br_if $next
          (i32.lt_u
            (local.tee $rows (i32.add (local.get $rows) (i32.const 128)))
            (local.get $end))))))

  ;; A row of 1024 floats with $count rows of 1024 signed bytes, in sequence: to $out, for each, the sum of products
  ;; and the sum of the bytes' squares, both as floats.
  (func (export "byteProducts") (param $row i32) (param $rows i32) (param $count i32) (param $out i32)
    (local $end i32) (local $x i32) (local $last i32)
    (local $low v128) (local $high v128) (local $a v128) (local $b v128) (local $squares v128)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 3))))
    (block $done
      (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
      (loop $next
        (local.set $a (v128.const f32x4 0 0 0 0))
        (local.set $b (v128.const f32x4 0 0 0 0))
        (local.set $squares (v128.const i32x4 0 0 0 0))
        (local.set $x (local.get $row))
        (local.set $last (i32.add (local.get $rows) (i32.const 1024)))
        (loop $bytes
          (local.set $low (v128.load8x8_s (local.get $rows)))
          (local.set $high (v128.load8x8_s offset=8 (local.get $rows)))
          (local.set $squares
            (i32x4.add
              (local.get $squares)
              (i32x4.add
                (i32x4.dot_i16x8_s (local.get $low) (local.get $low))
                (i32x4.dot_i16x8_s (local.get $high) (local.get $high)))))
          (local.set $a
            (f32x4.add
              (local.get $a)
              (f32x4.mul
                (v128.load (local.get $x))
                (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (local.get $low))))))
          (local.set $b
            (f32x4.add
              (local.get $b)
              (f32x4.mul
                (v128.load offset=16 (local.get $x))
                (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (local.get $low))))))
          (local.set $a
            (f32x4.add
              (local.get $a)
              (f32x4.mul
                (v128.load offset=32 (local.get $x))
                (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (local.get $high))))))
          (local.set $b
            (f32x4.add
              (local.get $b)
              (f32x4.mul
                (v128.load offset=48 (local.get $x))
                (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (local.get $high))))))
          (local.set $x (i32.add (local.get $x) (i32.const 64)))
          (br_if $bytes
            (i32.lt_u
              (local.tee $rows (i32.add (local.get $rows) (i32.const 16)))
              (local.get $last))))
        (local.set $a (f32x4.add (local.get $a) (local.get $b)))
        (f32.store
          (local.get $out)
          (f32.add
            (f32.add (f32x4.extract_lane 0 (local.get $a)) (f32x4.extract_lane 1 (local.get $a)))
            (f32.add (f32x4.extract_lane 2 (local.get $a)) (f32x4.extract_lane 3 (local.get $a)))))
        (f32.store offset=4
          (local.get $out)
          (f32.convert_i32_s
            (i32.add
              (i32.add (i32x4.extract_lane 0 (local.get $squares)) (i32x4.extract_lane 1 (local.get $squares)))
              (i32.add (i32x4.extract_lane 2 (local.get $squares)) (i32x4.extract_lane 3 (local.get $squares))))))
        (br_if $next
          (i32.lt_u
            (local.tee $out (i32.add (local.get $out) (i32.const 8)))
            (local.get $end)))))))
