package console

// Streams counts the live streams of a server.
func Streams(s *Server) int {
	s.streams.mu.Lock()
	defer s.streams.mu.Unlock()
	return len(s.streams.cancel)
}
