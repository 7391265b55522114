// The world of wit/world.wit in AssemblyScript: results lie in memory as the canonical ABI wants them.

const NO_MONTHS: u8 = 0;
const NEGATIVE_AMOUNT: u8 = 1;
const NEGATIVE_RATE: u8 = 2;

/** A result: its tag, and from byte 8 on what it holds. */
const RESULT = memory.data(32, 8);

function fail(problem: u8): usize {
  store<u8>(RESULT, 1);
  store<u8>(RESULT, problem, 8);
  return RESULT;
}

/** What one unit of money costs each month. */
function factor(rate: f64, months: u32): f64 {
  const monthly = rate / 1_200;
  return monthly == 0 ? 1 / f64(months) : monthly / (1 - Math.pow(1 + monthly, -f64(months)));
}

export function cost(amount: f64, rate: f64, months: u32): usize {
  if (months == 0) return fail(NO_MONTHS);
  if (amount < 0) return fail(NEGATIVE_AMOUNT);
  if (rate < 0) return fail(NEGATIVE_RATE);
  const payment = amount * factor(rate, months);
  const total = payment * f64(months);
  store<u8>(RESULT, 0);
  store<f64>(RESULT, payment, 8);
  store<f64>(RESULT, total, 16);
  store<f64>(RESULT, total - amount, 24);
  return RESULT;
}

export function affordable(payment: f64, rate: f64, months: u32): usize {
  if (months == 0) return fail(NO_MONTHS);
  if (payment < 0) return fail(NEGATIVE_AMOUNT);
  if (rate < 0) return fail(NEGATIVE_RATE);
  store<u8>(RESULT, 0);
  store<f64>(RESULT, payment / factor(rate, months), 8);
  return RESULT;
}
