//! Chunk texts to vectors through ONNX Runtime.
