package work

import "strconv"

// pages is how many pages the queue has, and one at least.
func (f Frame) pages() int { return max(1, (f.Queued+Listed-1)/Listed) }

// QueueRange says which of those who wait a page lists; empty if it is all of them.
func (f Frame) QueueRange() string {
	if f.QueuePage <= 1 && f.pages() == 1 {
		return ""
	}
	first := (f.QueuePage - 1) * Listed
	return f.Say("%d–%d of %d", first+1, first+len(f.Waiting), f.Queued)
}

// QueueHere is the address of this page of the queue.
func (f Frame) QueueHere() string { return pageAt(f.QueuePage) }

// QueueBefore is the address of the page before this one, or empty.
func (f Frame) QueueBefore() string {
	if f.QueuePage <= 1 {
		return ""
	}
	return pageAt(f.QueuePage - 1)
}

// QueueAfter is the address of the page after this one, or empty.
func (f Frame) QueueAfter() string {
	if f.QueuePage >= f.pages() {
		return ""
	}
	return pageAt(f.QueuePage + 1)
}

func pageAt(page int) string {
	if page <= 1 {
		return "/"
	}
	return "/?page=" + strconv.Itoa(page)
}
