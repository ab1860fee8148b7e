# A server that speaks S3, SQS and CloudFormation, for the local stack of compose.yaml and for nothing else.
#   docker build -f dockerfiles/servers.Dockerfile -t doctown-servers .
ARG SERVERS_BASE=docker.io/library/python:3.11-slim-bookworm

FROM ${SERVERS_BASE}
COPY scripts/requirements-cloud.txt /opt/servers/
RUN python3 -m venv /opt/servers/venv \
    && /opt/servers/venv/bin/pip install --no-cache-dir --disable-pip-version-check -r /opt/servers/requirements-cloud.txt
COPY infra/doctown.yaml dockerfiles/stack.py /opt/servers/
# The settings are those of scripts/with-cloud; here the port is opened to the other containers, and the server is
# told that it is in no container: it would look for the folders of its own image.
ENV HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    OVERRIDE_IN_DOCKER=0 \
    FILESYSTEM_ROOT=/tmp/localstack \
    GATEWAY_LISTEN=0.0.0.0:4566 \
    GATEWAY_SERVER=hypercorn \
    SERVICES=s3,sqs,cloudformation,iam,logs,cloudwatch,sns,sts \
    STRICT_SERVICE_LOADING=1 \
    S3_SKIP_SIGNATURE_VALIDATION=0 \
    SQS_ENDPOINT_STRATEGY=path \
    SKIP_SSL_CERT_DOWNLOAD=1 \
    DISABLE_EVENTS=1 \
    DNS_ADDRESS=0
USER 65532:65532
EXPOSE 4566
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=10 \
    CMD ["/opt/servers/venv/bin/python", "/opt/servers/stack.py", "--is-up"]
CMD ["/opt/servers/venv/bin/python", "-m", "localstack.runtime.main"]
