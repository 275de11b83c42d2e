// SPDX-License-Identifier: MIT
//! Whole-number arithmetic with + - * / % and parentheses. No standard library: what this file needs of `core`
//! ends in the module and no more.
#![no_std]

use core::panic::PanicInfo;
use core::sync::atomic::{AtomicU32, Ordering};

enum Problem {
    Unexpected,
    Incomplete,
    Overflow,
    DivisionByZero,
    TooDeep,
}

impl Problem {
    fn text(&self) -> &'static str {
        match self {
            Problem::Unexpected => "unexpected character",
            Problem::Incomplete => "unexpected end",
            Problem::Overflow => "number too large",
            Problem::DivisionByZero => "division by zero",
            Problem::TooDeep => "too many parentheses",
        }
    }
}

struct Operator {
    symbol: u8,
    precedence: u8,
    apply: fn(i32, i32) -> Option<i32>,
}

/// A constant table with pointers to functions.
static OPERATORS: [Operator; 5] = [
    Operator { symbol: b'+', precedence: 1, apply: i32::checked_add },
    Operator { symbol: b'-', precedence: 1, apply: i32::checked_sub },
    Operator { symbol: b'*', precedence: 2, apply: i32::checked_mul },
    Operator { symbol: b'/', precedence: 2, apply: i32::checked_div_euclid },
    Operator { symbol: b'%', precedence: 2, apply: i32::checked_rem_euclid },
];

const MAX_DEPTH: u32 = 50;

/// A variable of the module.
static EVALUATED: AtomicU32 = AtomicU32::new(0);

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    depth: u32,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn number(&mut self) -> Result<i32, Problem> {
        let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let range = self.at..self.at + digits;
        let digits = core::str::from_utf8(&self.text[range.clone()]).map_err(|_| Problem::Unexpected)?;
        let value = digits.parse().map_err(|_| Problem::Overflow)?;
        self.at = range.end;
        Ok(value)
    }

    fn operand(&mut self) -> Result<i32, Problem> {
        match self.peek() {
            Some(b'0'..=b'9') => self.number(),
            Some(b'-') => {
                self.at += 1;
                self.operand()?.checked_neg().ok_or(Problem::Overflow)
            }
            Some(b'(') if self.depth == MAX_DEPTH => Err(Problem::TooDeep),
            Some(b'(') => {
                self.at += 1;
                self.depth += 1;
                let value = self.expression(1)?;
                self.depth -= 1;
                match self.peek() {
                    Some(b')') => self.at += 1,
                    Some(_) => return Err(Problem::Unexpected),
                    None => return Err(Problem::Incomplete),
                }
                Ok(value)
            }
            Some(_) => Err(Problem::Unexpected),
            None => Err(Problem::Incomplete),
        }
    }

    fn expression(&mut self, precedence: u8) -> Result<i32, Problem> {
        let mut left = self.operand()?;
        while let Some(symbol) = self.peek() {
            let operator = match OPERATORS.iter().find(|operator| operator.symbol == symbol) {
                Some(operator) if operator.precedence >= precedence => operator,
                _ => break,
            };
            let place = self.at;
            self.at += 1;
            let right = self.expression(operator.precedence + 1)?;
            left = (operator.apply)(left, right).ok_or_else(|| {
                self.at = place;
                if right == 0 { Problem::DivisionByZero } else { Problem::Overflow }
            })?;
        }
        Ok(left)
    }

    fn whole(&mut self) -> Result<i32, Problem> {
        let value = self.expression(1)?;
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(Problem::Unexpected),
        }
    }
}

/// What the C side sees; it declares the same.
#[repr(C)]
pub struct Answer {
    value: i32,
    position: usize,
    problem: *const u8, // null when there is a value
    problem_length: usize,
    evaluated: u32,
}

/// # Safety
/// `text` has `length` bytes.
#[no_mangle]
pub unsafe extern "C" fn calc_evaluate(text: *const u8, length: usize) -> Answer {
    let mut parser = Parser { text: core::slice::from_raw_parts(text, length), at: 0, depth: 0 };
    let result = parser.whole();
    let evaluated = EVALUATED.fetch_add(1, Ordering::Relaxed) + 1;
    let (value, problem) = match result {
        Ok(value) => (value, None),
        Err(problem) => (0, Some(problem.text())),
    };
    Answer {
        value,
        position: parser.at,
        problem: problem.map_or(core::ptr::null(), str::as_ptr),
        problem_length: problem.map_or(0, str::len),
        evaluated,
    }
}

/// An index that is out of range ends up in the panic handler, which raises a Python exception.
#[no_mangle]
pub extern "C" fn calc_digit(index: usize) -> u8 {
    b"0123456789"[index]
}

extern "C" {
    fn calc_panic(line: u32) -> !;
}

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    unsafe { calc_panic(info.location().map_or(0, |place| place.line())) }
}
