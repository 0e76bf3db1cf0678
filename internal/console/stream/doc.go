// Package stream is the live stream that keeps the console's pages true. It
// says which case changed and how far the case has come, never any content:
// there is nothing to leak and nothing to reorder, and the page fetches the
// rest. A browser that is too slow is dropped, and fetches first when it comes
// back.
package stream
