//! Missing and wrong model files: an error that names the command, never a vector.

use std::fs;

use doctown_embed::{EmbedParams, Embedder, ModelFiles, Precision, ProviderChoice};

const PARAMS: EmbedParams =
    EmbedParams { precision: Precision::Fp32, n_sessions: 1, provider: ProviderChoice::Cpu, max_tokens: 64 };

#[test]
fn a_missing_model_is_an_error_that_names_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let error = Embedder::load(&ModelFiles::in_folder(folder.path()), PARAMS).err().unwrap();
    assert_eq!(error.code(), "model_missing");
    let message = error.to_string().replace(&folder.path().display().to_string(), "MODEL");
    insta::assert_snapshot!(message, @"model file `MODEL/libonnxruntime.so.1.31.1` is missing; run `doctown setup`");
}

#[test]
fn a_wrong_model_is_an_error_that_names_the_command() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("libonnxruntime.so.1.31.1"), "not a library").unwrap();
    let error = Embedder::load(&ModelFiles::in_folder(folder.path()), PARAMS).err().unwrap();
    assert_eq!(error.code(), "model_hash_mismatch");
    let message = error.to_string().replace(&folder.path().display().to_string(), "MODEL");
    insta::assert_snapshot!(message);
}

#[test]
fn a_demanded_gpu_without_its_library_is_an_error() {
    let Some(_) = crate::model::embedder(Precision::Fp32, 1) else { return };
    let home = std::env::var_os("DOCTOWN_HOME")
        .map_or_else(|| std::env::home_dir().unwrap().join(".doctown"), std::path::PathBuf::from);
    let copy = tempfile::tempdir().unwrap();
    for file in ["model.onnx", "tokenizer.json"] {
        std::os::unix::fs::symlink(home.join("model").join(file), copy.path().join(file)).unwrap();
    }
    let params = EmbedParams { provider: ProviderChoice::Cuda, ..PARAMS };
    let error = Embedder::load(&ModelFiles::in_folder(copy.path()), params).err().unwrap();
    insta::assert_snapshot!(error, @"no GPU can be used: its library is not set up; choose the CPU, or run `scripts/setup-model --gpu`");
}
