FROM golang:1.26.8-alpine3.24 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /ombudsdienst .

FROM alpine:3.23.5
RUN apk add --no-cache ca-certificates tzdata \
 && addgroup -g 10001 ombudsdienst \
 && adduser -D -H -u 10001 -G ombudsdienst ombudsdienst \
 && install -d -o ombudsdienst -g ombudsdienst -m 0700 /data
COPY --from=build /ombudsdienst /usr/local/bin/ombudsdienst
ENV LISTEN=:8080 DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["ombudsdienst"]
