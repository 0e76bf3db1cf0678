// Package browsertest opens a real browser in tests and uses pages as a person
// does: looks, waits, presses and types. It is for tests only and knows nothing
// of ours, so that the simulated Slack's tests may use it too.
//
//	jane := browsertest.Open(t).Tab("console")
//	jane.Visit(url)
//	jane.Type("input[name=email]", "jane@example.com")
//	jane.Click("button[type=submit]")
//	jane.Sees("main", "Build is stuck")
//
// The pages are live: what a selector found a moment ago may have been drawn
// anew since. So nothing here holds on to an element of a page between two
// calls. A press is made where the element is by the time it has come to rest,
// with the mouse, and counts only when the click has reached an element of the
// selector; otherwise it is made again. What is typed into a field is compared
// with what the field then has.
//
// Whatever is waited for has two minutes, which is long for a page on any machine,
// and not too long for a test that fails: it then says what it waited for and what the
// page showed. A page whose scripts fail, whose policy is broken or that writes
// an error to the console fails the test as well.
//
// A test has a browser of its own as far as it can tell: its tabs share cookies,
// storage and what is permitted, with nobody else's. The program behind it is one
// for all tests of a process, since to start it costs more than most of them. It is
// started when first needed, replaced when it has ended, and ends with the process,
// however that ends, with all that it wrote.
//
// The program is Chromium's headless shell, where that is installed, and otherwise
// Chromium. Without either a test skips out loud. CASELINE_BROWSER names another,
// CASELINE_FORBID_SKIP makes the lack a failure, and CASELINE_SHOTS names a folder
// for pictures.
package browsertest
