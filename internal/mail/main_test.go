package mail_test

import (
	"testing"

	"caseline/internal/mail/mailtest"
)

func TestMain(m *testing.M) {
	mailtest.Main()
	m.Run()
}
