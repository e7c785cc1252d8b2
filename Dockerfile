# An image that contains the program and nothing else: `docker build --tag mewshook .`
# docs/install.md says how to run it.
FROM rust:1.95-alpine AS build
WORKDIR /source
COPY . .
# The program uses /tmp for reports that do not fit into memory.
RUN cargo build --release --locked --bin mewshook \
    && mkdir -p /image/usr/bin \
    && cp target/release/mewshook /image/usr/bin/ \
    && mkdir -m 1777 /image/tmp

FROM scratch
COPY --from=build /image /
# Nobody: who writes files to a mounted folder states the user by `docker run --user`.
USER 65534:65534
WORKDIR /data
# Like Ctrl-C, so that a followed stream ends with its totals.
STOPSIGNAL SIGINT
ENTRYPOINT ["/usr/bin/mewshook"]
