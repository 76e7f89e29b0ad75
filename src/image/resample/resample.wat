;; The inner loops of the resize and of the thumbnail, four numbers at a time: see resample-kernel.ts, which says what
;; is where.
;; Built by `npm run wasm` to resample.wasm.
(module
  (memory (export "memory") 8 8)

  ;; Where things begin, in bytes. Under the crop a row has at most as many pixels as the short side, 16,384, of
  ;; 4 bytes, and 16 bytes more may be read.
  (global $ROW i32 (i32.const 0))
  (global $SUMS i32 (i32.const 65552))
  (global $STARTS i32 (i32.const 327760))
  (global $COUNTS i32 (i32.const 328656))
  (global $OUTPUT i32 (i32.const 329552))
  (global $WEIGHTS i32 (i32.const 332240))

  ;; Makes the sums of the first $bytes components zero.
  (func (export "clear") (param $bytes i32)
    (memory.fill (global.get $SUMS) (i32.const 0) (i32.shl (local.get $bytes) (i32.const 2))))

  ;; Whether the pixels of a row of RGBA are all opaque.
  (func (export "isOpaque") (param $bytes i32) (result i32)
    (local $at i32)
    (local $all v128)
    (local.set $all (i8x16.splat (i32.const -1)))
    (loop $next
      (local.set $all
        (v128.and (local.get $all) (v128.load (i32.add (global.get $ROW) (local.get $at)))))
      (br_if $next
        (i32.lt_u
          (local.tee $at (i32.add (local.get $at) (i32.const 16)))
          (local.get $bytes))))
    (i8x16.all_true
      (i8x16.eq
        (v128.or (local.get $all) (v128.const i32x4 0xffffff 0xffffff 0xffffff 0xffffff))
        (i8x16.splat (i32.const -1)))))

  ;; Adds $weight times the row to the sums, whatever its components are.
  (func (export "addRow") (param $bytes i32) (param $weight f32)
    (local $at i32)
    (local $sums i32)
    (local $bytes16 v128)
    (local $words v128)
    (local $factor v128)
    (local.set $factor (f32x4.splat (local.get $weight)))
    (local.set $sums (global.get $SUMS))
    (loop $next
      (local.set $bytes16 (v128.load (i32.add (global.get $ROW) (local.get $at))))
      (local.set $words (i16x8.extend_low_i8x16_u (local.get $bytes16)))
      (v128.store
        (local.get $sums)
        (f32x4.add
          (v128.load (local.get $sums))
          (f32x4.mul
            (f32x4.convert_i32x4_u (i32x4.extend_low_i16x8_u (local.get $words)))
            (local.get $factor))))
      (v128.store offset=16
        (local.get $sums)
        (f32x4.add
          (v128.load offset=16 (local.get $sums))
          (f32x4.mul
            (f32x4.convert_i32x4_u (i32x4.extend_high_i16x8_u (local.get $words)))
            (local.get $factor))))
      (local.set $words (i16x8.extend_high_i8x16_u (local.get $bytes16)))
      (v128.store offset=32
        (local.get $sums)
        (f32x4.add
          (v128.load offset=32 (local.get $sums))
          (f32x4.mul
            (f32x4.convert_i32x4_u (i32x4.extend_low_i16x8_u (local.get $words)))
            (local.get $factor))))
      (v128.store offset=48
        (local.get $sums)
        (f32x4.add
          (v128.load offset=48 (local.get $sums))
          (f32x4.mul
            (f32x4.convert_i32x4_u (i32x4.extend_high_i16x8_u (local.get $words)))
            (local.get $factor))))
      (local.set $sums (i32.add (local.get $sums) (i32.const 64)))
      (br_if $next
        (i32.lt_u
          (local.tee $at (i32.add (local.get $at) (i32.const 16)))
          (local.get $bytes)))))

  ;; The same for a row of RGBA, laid on white: c × a + 255 × (1 − a), with a in [0, 1].
  (func (export "addRowOnWhite") (param $bytes i32) (param $weight f32)
    (local $at i32)
    (local $pixel v128)
    (local $alpha v128)
    (loop $next
      (local.set $pixel
        (f32x4.convert_i32x4_u
          (i32x4.extend_low_i16x8_u
            (i16x8.extend_low_i8x16_u
              (v128.load32_zero (i32.add (global.get $ROW) (local.get $at)))))))
      (local.set $alpha
        (f32x4.splat (f32.div (f32x4.extract_lane 3 (local.get $pixel)) (f32.const 255))))
      (local.set $pixel
        (f32x4.add
          (f32x4.mul (local.get $pixel) (local.get $alpha))
          (f32x4.sub
            (f32x4.splat (f32.const 255))
            (f32x4.mul (f32x4.splat (f32.const 255)) (local.get $alpha)))))
      (v128.store
        (i32.add (global.get $SUMS) (i32.shl (local.get $at) (i32.const 2)))
        (f32x4.add
          (v128.load (i32.add (global.get $SUMS) (i32.shl (local.get $at) (i32.const 2))))
          (f32x4.mul (local.get $pixel) (f32x4.splat (local.get $weight)))))
      (br_if $next
        (i32.lt_u
          (local.tee $at (i32.add (local.get $at) (i32.const 4)))
          (local.get $bytes)))))

  ;; Filters the sums along the row: 224 outputs, each in the three planes of $OUTPUT, from 0…255 to [−1, 1].
  ;; $step: bytes of sums from one pixel to the next. $stride: weights from one output to the next.
  ;; $grey: a pixel is one component, which stands for all three.
  (func (export "filterColumns") (param $step i32) (param $stride i32) (param $grey i32)
    (local $output i32)
    (local $at i32)
    (local $tap i32)
    (local $end i32)
    (local $sum v128)
    (loop $nextOutput
      (local.set $at
        (i32.add
          (global.get $SUMS)
          (i32.mul
            (i32.load (i32.add (global.get $STARTS) (i32.shl (local.get $output) (i32.const 2))))
            (local.get $step))))
      (local.set $tap
        (i32.add
          (global.get $WEIGHTS)
          (i32.shl (i32.mul (local.get $output) (local.get $stride)) (i32.const 2))))
      (local.set $end
        (i32.add
          (local.get $tap)
          (i32.shl
            (i32.load (i32.add (global.get $COUNTS) (i32.shl (local.get $output) (i32.const 2))))
            (i32.const 2))))
      (local.set $sum (v128.const f32x4 0 0 0 0))
      (loop $nextTap
        (local.set $sum
          (f32x4.add
            (local.get $sum)
            (f32x4.mul
              (if (result v128) (local.get $grey)
                (then (v128.load32_splat (local.get $at)))
                (else (v128.load (local.get $at))))
              (v128.load32_splat (local.get $tap)))))
        (local.set $at (i32.add (local.get $at) (local.get $step)))
        (br_if $nextTap
          (i32.lt_u
            (local.tee $tap (i32.add (local.get $tap) (i32.const 4)))
            (local.get $end))))
      (local.set $sum
        (f32x4.sub
          (f32x4.mul (local.get $sum) (f32x4.splat (f32.const 0.00784313725490196)))
          (f32x4.splat (f32.const 1))))
      (local.set $at (i32.add (global.get $OUTPUT) (i32.shl (local.get $output) (i32.const 2))))
      (f32.store (local.get $at) (f32x4.extract_lane 0 (local.get $sum)))
      (f32.store offset=896 (local.get $at) (f32x4.extract_lane 1 (local.get $sum)))
      (f32.store offset=1792 (local.get $at) (f32x4.extract_lane 2 (local.get $sum)))
      (br_if $nextOutput
        (i32.lt_u
          (local.tee $output (i32.add (local.get $output) (i32.const 1)))
          (i32.const 224)))))

  ;; Averages seven rows of the network's input to 32 greys: $ROW has seven rows of 224 floats for each of three planes,
  ;; and $OUTPUT gets the sum of each block of 7×7, red, green and blue weighted as in ITU-R BT.601.
  (func (export "greyBlocks")
    (local $column i32)
    (local $at i32)
    (local $end i32)
    (local $block i32)
    (local $sum v128)
    (loop $nextColumns
      (local.set $sum (v128.const f32x4 0 0 0 0))
      (local.set $at (i32.add (global.get $ROW) (local.get $column)))
      (local.set $end (i32.add (local.get $at) (i32.const 6272)))
      (loop $nextRow
        (local.set $sum
          (f32x4.add
            (f32x4.add
              (local.get $sum)
              (f32x4.mul (v128.load (local.get $at)) (v128.const f32x4 0.299 0.299 0.299 0.299)))
            (f32x4.add
              (f32x4.mul (v128.load offset=6272 (local.get $at)) (v128.const f32x4 0.587 0.587 0.587 0.587))
              (f32x4.mul (v128.load offset=12544 (local.get $at)) (v128.const f32x4 0.114 0.114 0.114 0.114)))))
        (br_if $nextRow
          (i32.lt_u
            (local.tee $at (i32.add (local.get $at) (i32.const 896)))
            (local.get $end))))
      (v128.store (i32.add (global.get $SUMS) (local.get $column)) (local.get $sum))
      (br_if $nextColumns
        (i32.lt_u
          (local.tee $column (i32.add (local.get $column) (i32.const 16)))
          (i32.const 896))))
    (loop $nextBlock
      (local.set $at (i32.add (global.get $SUMS) (i32.mul (local.get $block) (i32.const 28))))
      (f32.store
        (i32.add (global.get $OUTPUT) (i32.shl (local.get $block) (i32.const 2)))
        (f32.add
          (f32.add
            (f32.add (f32.load (local.get $at)) (f32.load offset=4 (local.get $at)))
            (f32.add (f32.load offset=8 (local.get $at)) (f32.load offset=12 (local.get $at))))
          (f32.add
            (f32.add (f32.load offset=16 (local.get $at)) (f32.load offset=20 (local.get $at)))
            (f32.load offset=24 (local.get $at)))))
      (br_if $nextBlock
        (i32.lt_u
          (local.tee $block (i32.add (local.get $block) (i32.const 1)))
          (i32.const 32)))))
)
