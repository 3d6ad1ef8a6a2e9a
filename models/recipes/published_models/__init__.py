"""ONNX exports of encoders whose authors publish weights, but no ONNX."""
