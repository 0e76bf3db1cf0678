// Package inspect looks at a database without changing it: whether it is one of
// ours, of which release, and the little that an operator is told of what is in
// it. It takes no lock, so it may look while a server runs.
package inspect
