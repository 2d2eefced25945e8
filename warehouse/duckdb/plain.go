package duckdb

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"credence/warehouse"
)

// Plain implements warehouse.Engine: decimals and 128-bit integers become
// warehouse.Decimal with all digits of their scale, everything else text.
func (e *Engine) Plain(v any) any {
	switch v := v.(type) {
	case duckdb.Decimal:
		return decimal(v.Value, int(v.Scale))
	case *big.Int:
		return warehouse.Decimal(v.String())
	case uint64:
		return warehouse.Decimal(fmt.Sprint(v))
	case duckdb.Interval:
		return fmt.Sprintf("%d months %d days %d s", v.Months, v.Days, v.Micros/1e6)
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(v)
}

func decimal(value *big.Int, scale int) warehouse.Decimal {
	digits := new(big.Int).Abs(value).String()
	if pad := scale + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	if scale > 0 {
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if value.Sign() < 0 {
		digits = "-" + digits
	}
	return warehouse.Decimal(digits)
}
