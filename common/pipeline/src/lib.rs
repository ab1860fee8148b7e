//! Jobs, stages, the attempt loop and its ports.
