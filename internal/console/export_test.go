package console

// Streams counts the live streams of a server.
func Streams(s *Server) int { return s.streams.Open() }
