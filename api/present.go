package api

import (
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombudsdienst/internal/complaint"
)

// present gives every answer the contract's form, whoever made it: moments in
// Brussels time, and [] for a list with nothing in it.
func present(_ huma.Context, _ string, answer any) (any, error) {
	given := reflect.ValueOf(answer)
	if given.Kind() != reflect.Struct {
		return answer, nil
	}
	own := reflect.New(given.Type()).Elem()
	own.Set(given)
	settle(own)
	return own.Interface(), nil
}

func settle(v reflect.Value) {
	if moment, ok := v.Interface().(time.Time); ok {
		if !moment.IsZero() {
			v.Set(reflect.ValueOf(moment.In(complaint.Brussels)))
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			settle(v.Elem())
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // bytes are no list
		}
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			settle(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); field.CanSet() {
				settle(field)
			}
		}
	}
}
