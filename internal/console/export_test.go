package console

// Streams counts the live streams of a server.
func Streams(s *Server) int { return s.streams.Open() }

// ReadPages reads every page's templates.
func ReadPages(s *Server) error { return s.pages.Read() }

// MaxUnreckoned is how many entries a page looks at besides for an answer.
const MaxUnreckoned = maxUnreckoned
