package archtest

import "go/ast"

// longFunctions are the functions that may have more than 100 lines, and why.
// Wiring and tables only.
func longFunctions() map[string]string {
	return map[string]string{}
}

// longPackages are the packages that may be up to a fifth longer than others,
// and why.
func longPackages() map[string]string {
	return map[string]string{}
}

// goStatements are the functions that may start a goroutine by a go statement,
// and who joins it.
func goStatements() map[string]string {
	return map[string]string{
		"internal/app.App.serve":                     "serves until the server is shut down; serve takes its result from done before it returns",
		"internal/app/demo.Script":                   "runs the stage; Script stops it and takes its result before it returns",
		"internal/app/demo.setUp":                    "serves the simulated Slack; run takes its result when the demonstration ends, or setUp when it fails",
		"internal/console/stream.Streams.Serve":      "tells a stream; it leaves when it ends, and End waits until all have left",
		"internal/outbox.Outbox.Run":                 "waits for the parts; Run waits for ended, whatever happens",
		"internal/slacksim/dispatch.desk.join":       "closes done when the requests have ended; join drains it",
		"internal/slacksim/dispatch.Dispatcher.post": "carries one request; post takes its result, after cutting it off when it is late",
	}
}

// clockReaders are the functions that may read the clock themselves, and why.
func clockReaders() map[string]string {
	return map[string]string{
		"internal/blob.Open":              "compares with the times of files, which are the system's",
		"internal/blob.Folder.RemoveIdle": "likewise",
	}
}

// otherRuns are the methods called Run with another type than a long-lived
// thing has, and why.
func otherRuns() map[string]string {
	return map[string]string{
		"internal/lanes.Runner.Run": "the loop under the Run of inbox and outbox: it gets their work, and cannot fail",
	}
}

// txHolders are the files in which a struct may hold a transaction, and why.
func txHolders() map[string]string {
	return map[string]string{
		"internal/casework/auditlog/witness.go": "stands before one transaction as long as that lasts, so that no use case forgets the audit",
	}
}

// checkExceptions reports exceptions that are no longer needed, or give no
// reason.
func checkExceptions(m *module) []breach {
	long, starts := map[string]bool{}, map[string]bool{}
	m.functions(func(f *file, fn *ast.FuncDecl) {
		long[nameOf(f, fn)] = m.lines(fn) > hardFunction
		ast.Inspect(fn, func(n ast.Node) bool {
			if _, ok := n.(*ast.GoStmt); ok {
				starts[nameOf(f, fn)] = true
			}
			return true
		})
	})
	known := map[string]bool{}
	m.functions(func(f *file, fn *ast.FuncDecl) { known[nameOf(f, fn)] = true })
	var found []breach
	for _, exceptions := range []map[string]string{clockReaders(), otherRuns()} {
		for name, reason := range exceptions {
			if !known[name] || reason == "" {
				found = append(found, breach{"exceptions_test.go", name + " does not exist, or has no reason"})
			}
		}
	}
	files := map[string]bool{}
	for _, f := range m.product() {
		files[f.path] = true
	}
	for name, reason := range txHolders() {
		if !files[name] || reason == "" {
			found = append(found, breach{"txHolders", name + " does not exist, or has no reason"})
		}
	}
	for name, reason := range longFunctions() {
		if !long[name] || reason == "" {
			found = append(found, breach{"longFunctions", name + " is not long, or has no reason"})
		}
	}
	for name, reason := range goStatements() {
		if !starts[name] || reason == "" {
			found = append(found, breach{"goStatements", name + " starts no goroutine, or has no reason"})
		}
	}
	return found
}
