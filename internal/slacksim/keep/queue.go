package keep

// A Queue is a table whose rows are handed out once each, in the order in which
// they came, and stay until they are dropped.
type Queue[T any] struct {
	Table[T]
	fresh []string
}

// NewQueue returns an empty queue. Kind is its name in the journal.
func NewQueue[T any](kind string) Queue[T] { return Queue[T]{Table: NewTable[T](kind)} }

// Add stores a row that is still to be handed out.
func (q *Queue[T]) Add(l *Log, key string, row T) {
	q.Put(l, key, row)
	q.fresh = append(q.fresh, key)
}

// Take hands out what was not handed out yet.
func (q *Queue[T]) Take() []T {
	var out []T
	for _, key := range q.fresh {
		if row := q.Rows[key]; row != nil {
			out = append(out, *row)
		}
	}
	q.fresh = nil
	return out
}

// Return takes everything back that was handed out and is still there. Order
// is that of the keys.
func (q *Queue[T]) Return(key func(T) string) {
	q.fresh = nil
	for _, row := range q.Sorted() {
		q.fresh = append(q.fresh, key(*row))
	}
}
