// Written by engine-models.oracle.py: ONNX files in base64.

/** `NAME_out = NAME_in` for the name of every element type, each of shape [n]. */
export const typesModel =
  'CAgSBWFzc2F5OucECiMKCmZsb2F0MzJfaW4SC2Zsb2F0MzJfb3V0IghJZGVudGl0eQojCgpmbG9hdDY0X2luEgtm' +
  'bG9hdDY0X291dCIISWRlbnRpdHkKIwoKZmxvYXQxNl9pbhILZmxvYXQxNl9vdXQiCElkZW50aXR5Ch8KCGludDY0' +
  'X2luEglpbnQ2NF9vdXQiCElkZW50aXR5Ch8KCGludDMyX2luEglpbnQzMl9vdXQiCElkZW50aXR5Ch8KCHVpbnQ4' +
  'X2luEgl1aW50OF9vdXQiCElkZW50aXR5Ch0KB2Jvb2xfaW4SCGJvb2xfb3V0IghJZGVudGl0eRIFdHlwZXNaGQoK' +
  'ZmxvYXQzMl9pbhILCgkIARIFCgMSAW5aGQoKZmxvYXQ2NF9pbhILCgkICxIFCgMSAW5aGQoKZmxvYXQxNl9pbhIL' +
  'CgkIChIFCgMSAW5aFwoIaW50NjRfaW4SCwoJCAcSBQoDEgFuWhcKCGludDMyX2luEgsKCQgGEgUKAxIBbloXCgh1' +
  'aW50OF9pbhILCgkIAhIFCgMSAW5aFgoHYm9vbF9pbhILCgkICRIFCgMSAW5iGgoLZmxvYXQzMl9vdXQSCwoJCAES' +
  'BQoDEgFuYhoKC2Zsb2F0NjRfb3V0EgsKCQgLEgUKAxIBbmIaCgtmbG9hdDE2X291dBILCgkIChIFCgMSAW5iGAoJ' +
  'aW50NjRfb3V0EgsKCQgHEgUKAxIBbmIYCglpbnQzMl9vdXQSCwoJCAYSBQoDEgFuYhgKCXVpbnQ4X291dBILCgkI' +
  'AhIFCgMSAW5iFwoIYm9vbF9vdXQSCwoJCAkSBQoDEgFuQgQKABAN'

/** `sum = x + shift` and `difference = x - shift`, x of shape [n, 3], shift a scalar. */
export const sumsModel =
  'CAgSBWFzc2F5OpcBChQKAXgKBXNoaWZ0EgNzdW0iA0FkZAobCgF4CgVzaGlmdBIKZGlmZmVyZW5jZSIDU3ViEgRz' +
  'dW1zWhQKAXgSDwoNCAESCQoDEgFuCgIIA1oPCgVzaGlmdBIGCgQIARIAYhYKA3N1bRIPCg0IARIJCgMSAW4KAggD' +
  'Yh0KCmRpZmZlcmVuY2USDwoNCAESCQoDEgFuCgIIA0IECgAQDQ=='

/** `y = tanh(a b)`, a of shape [m, k], b of shape [k, n]. */
export const productModel =
  'CAgSBWFzc2F5OnEKEgoBYQoBYhICYWIiBk1hdE11bAoNCgJhYhIBeSIEVGFuaBIHcHJvZHVjdFoVCgFhEhAKDggB' +
  'EgoKAxIBbQoDEgFrWhUKAWISEAoOCAESCgoDEgFrCgMSAW5iFQoBeRIQCg4IARIKCgMSAW0KAxIBbkIECgAQDQ=='
