// Package arch holds no code, only tests of the program's shape: which package
// may import which, that pure code takes clock and randomness from its caller,
// and that each package says what it is for. The rules stand in arch_test.go;
// one that is in the way is changed there, in the open, with the reason.
package arch
