package firstrun

import (
	"context"

	"caseline/internal/app/doctor"
)

// kept says what is wrong with the folder and the database, until nothing is or
// whoever is asked leaves it for later.
func (r *run) kept(ctx context.Context) error {
	for {
		d, err := r.quietly()
		if err != nil {
			return err
		}
		d.Disk()
		d.Database(ctx)
		for _, f := range d.Found() {
			if f.State != doctor.OK && f.About != "operators" { // the first of those is made here
				r.say("%s", f.Line())
			}
		}
		if !doctor.Sick(d.Found()) {
			return nil
		}
		if again, err := r.again(ctx); err != nil || !again {
			return err
		}
	}
}
