// Package workflows is the procedure in time.
package workflows
