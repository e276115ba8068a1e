package activities

import (
	"context"

	"ombudsdienst/internal/complaint"
)

// ReferPrivacy tells the complainant that the data protection officer (DPO)
// answers. Like all that follow here it is safe to repeat: see deliver.
func (a *Activities) ReferPrivacy(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// TransferPrivacy sends the DPO what was written and when it was received.
func (a *Activities) TransferPrivacy(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// ExtendPrivacy tells the complainant why the DPO needs longer, and until when.
func (a *Activities) ExtendPrivacy(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// AnswerPrivacy sends the complainant the answer of the DPO.
func (a *Activities) AnswerPrivacy(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// RemindDPO reminds the DPO of the last day, or says that it has passed.
func (a *Activities) RemindDPO(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}
