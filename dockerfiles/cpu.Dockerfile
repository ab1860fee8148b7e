# The functions that need no model, in one image; the command names the one that runs.
#   docker build -f dockerfiles/cpu.Dockerfile -t doctown-cpu .
#   docker run --read-only --tmpfs /tmp -e DOCTOWN_MODE=sqs -e DOCTOWN_STORE=s3://BUCKET/PREFIX … doctown-cpu ingest
# For a release give each base as NAME:TAG@sha256:DIGEST.
ARG BUILD_BASE=docker.io/library/rust:1.95.0-slim-bookworm
ARG SITE_BASE=docker.io/library/node:20-bookworm-slim
ARG RUNTIME_BASE=gcr.io/distroless/cc-debian12:nonroot

# The website, which programs that serve it take in when they are compiled.
FROM ${SITE_BASE} AS site
WORKDIR /source
COPY . .
WORKDIR /source/website
RUN --mount=type=cache,target=/root/.npm \
    npm install --no-save --no-audit --no-fund && npm run build

FROM ${BUILD_BASE} AS build
ARG FUNCTIONS="ingest assemble generate pack dispatch schedule trigger"
ENV CARGO_PROFILE_RELEASE_STRIP=symbols
WORKDIR /source
COPY . .
COPY --from=site /source/website/build website/build
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    set -eu; set --; \
    for name in entry ${FUNCTIONS}; do set -- "$@" --bin "doctown-${name}"; done; \
    cargo build --release --locked --workspace --features doctown/full "$@"; \
    mkdir /out; for name in entry ${FUNCTIONS}; do cp "target/release/doctown-${name}" /out/; done

# With `--build-context binaries=FOLDER` the programs are taken from there.
FROM scratch AS binaries
COPY --from=build /out/ /

FROM ${RUNTIME_BASE} AS cpu
COPY LICENSE LICENSE-APACHE LICENSE-MIT /usr/share/doc/doctown/
COPY --from=binaries /doctown-* /usr/local/bin/
# Nothing is written but below /tmp, and there no more than a unit's working data.
# A function in an image has no business with files of its machine.
ENV DOCTOWN_HOME=/tmp/doctown \
    DOCTOWN_LOCAL_PATHS=false \
    DOCTOWN_LOG=info \
    DOCTOWN_LOG_FORMAT=json \
    PORT=8080
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=3 \
    CMD ["/usr/local/bin/doctown-ingest", "--health"]
ENTRYPOINT ["/usr/local/bin/doctown-entry"]
LABEL org.opencontainers.image.title="doctown-cpu" \
      org.opencontainers.image.description="Doctown's functions that need no model" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
