# What CI runs, by name. `make test` is the README's test command.
.PHONY: run test check lint bench train

run:
	CGO_ENABLED=0 go run ./cmd/bot

test:
	bash .ci/test

check:
	go run ./cmd/bot check

lint:
	go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 run

bench:
	go test -run '^$$' -bench . -benchmem ./...

train:
	go run ./cmd/bot train
