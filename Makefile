# What a person types. CI runs .ci/run, and so does "make check".

.PHONY: help check test race fuzz bench demo build

help:
	@echo "make demo   a live chat with a simulated Slack, no account needed"
	@echo "make test   the tests"
	@echo "make race   the tests with the race detector"
	@echo "make fuzz   30 s of each fuzz target"
	@echo "make bench  the figures, next to the bare disk and the bare path"
	@echo "make check  everything that CI checks"
	@echo "make build  the binary"

check:
	.ci/run

test:
	go test -timeout 30m ./...

race:
	go test -race -shuffle=on ./...

fuzz:
	.ci/fuzz 30

bench: build
	./caseline bench

demo:
	go run ./cmd/caseline demo

build:
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o caseline ./cmd/caseline
