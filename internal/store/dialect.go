package store

// dialect is what the two databases do not share.
type dialect struct {
	name  string // of its folder of migrations; the numbers are paired
	begin string // begins a transaction that keeps other migrations out
}

var (
	sqliteDialect   = dialect{name: "sqlite", begin: `BEGIN IMMEDIATE`}
	postgresDialect = dialect{name: "postgres", begin: `BEGIN; SELECT pg_advisory_xact_lock(7305808869232146798)`} // "verihelp"
)
