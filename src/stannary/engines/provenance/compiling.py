"""Turning loops into machine code where numba is installed; without it they stay Python."""

import importlib
from collections.abc import Callable
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[Any]
Loop: TypeAlias = Callable[..., Any]
"""A compiled loop takes arrays by place; numba, and not the type checker, knows their types."""

try:
    numba: Any = importlib.import_module("numba")
except ImportError:
    numba = None

SIX, LAST, ONE = np.uint64(6), np.uint64(63), np.uint64(1)
"""A word of 64 bits: how far a number is shifted to find its word, and where in the word it is."""


def compiled(function: Loop) -> Loop:
    """Compile a function when it is first called; keep the machine code if there is a place for it."""
    return _compiled(function)


def bare(function: Loop) -> Loop:
    """Compile a function that makes no array, without counting who holds those that it is given.

    Where one loop calls another with arrays, the counting takes five times as long as the work.
    """
    return _compiled(function, _nrt=False)


def _compiled(function: Loop, **more: bool) -> Loop:
    if numba is None:
        return function
    try:
        return cast("Loop", numba.njit(nogil=True, cache=True, **more)(function))
    except RuntimeError:  # neither this folder nor the user's can be written to
        return cast("Loop", numba.njit(nogil=True, **more)(function))


def chosen(function: Loop, *, fast: bool) -> Loop:
    """Give the machine code of a function, or the function as it is written."""
    return function if fast else cast("Loop", getattr(function, "py_func", function))


def _intrinsic(count: str) -> Callable[[np.uint64], np.uint64]:
    """Make a function of one machine instruction: the zeros at an end of a word that is not 0."""
    if numba is None:
        return _leading if count == "ctlz" else _trailing
    from llvmlite import ir  # noqa: PLC0415 - comes with numba

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def zeros(_context: Any, _word: Any) -> Any:
        def generate(_target: Any, builder: Any, _signature: Any, values: Any) -> Any:
            never_zero = ir.Constant(ir.IntType(1), 1)
            return getattr(builder, count)(values[0], never_zero)

        return numba.types.uint64(numba.types.uint64), generate

    return cast("Callable[[np.uint64], np.uint64]", zeros)


def _leading(word: np.uint64) -> np.uint64:
    return np.uint64(64 - int(word).bit_length())


def _trailing(word: np.uint64) -> np.uint64:
    return np.uint64((int(word) & -int(word)).bit_length() - 1)


leading_zeros = _intrinsic("ctlz")
trailing_zeros = _intrinsic("cttz")


def _loading() -> Callable[[Numbers, np.uint64], np.uint64]:
    """Make a function that reads eight bytes at any place as one word."""
    if numba is None:
        return _eight
    from llvmlite import ir  # noqa: PLC0415 - comes with numba

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def word(_context: Any, numbers: Any, _place: Any) -> Any:
        def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
            array = target.make_array(signature.args[0])(target, builder, values[0])
            at = builder.gep(array.data, [values[1]])
            read = builder.load(builder.bitcast(at, ir.IntType(64).as_pointer()))
            read.align = 1
            return read

        return numba.types.uint64(numbers, numba.types.uint64), generate

    return cast("Callable[[Numbers, np.uint64], np.uint64]", word)


def _eight(numbers: Numbers, place: np.uint64) -> np.uint64:
    return np.uint64(int.from_bytes(numbers[int(place) : int(place) + 8].tobytes(), "little"))


load = _loading()


def _fetching() -> Callable[[Numbers, np.uint64], None]:
    """Make a function that asks for the line of the cache with an element, and does not wait for it."""
    if numba is None:
        return _nothing
    from llvmlite import ir  # noqa: PLC0415 - comes with numba

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def line(_context: Any, numbers: Any, _place: Any) -> Any:
        def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
            array = target.make_array(signature.args[0])(target, builder, values[0])
            byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
            at = builder.bitcast(builder.gep(array.data, [values[1]]), byte)
            kind = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
            name = "llvm.prefetch.p0i8" if "*" in str(byte) else "llvm.prefetch.p0"
            ask = builder.module.declare_intrinsic(name, fnty=kind)
            builder.call(ask, [at, flag(0), flag(3), flag(1)])  # to read, to keep, data
            return target.get_dummy_value()

        return numba.types.none(numbers, numba.types.uint64), generate

    return cast("Callable[[Numbers, np.uint64], None]", line)


def _nothing(numbers: Numbers, place: np.uint64) -> None:  # noqa: ARG001 - there is nothing to gain
    return None


fetch = _fetching()


def _mixing() -> Loop:
    """Make a function that adds up rows of eight numbers with their weights, all eight at once."""
    if numba is None:
        return _mix
    from llvmlite import ir  # noqa: PLC0415 - comes with numba
    from numba.core import cgutils  # noqa: PLC0415

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def mixed(  # noqa: PLR0917 - numba reads the names
        _context: Any, table: Any, source: Any, weight: Any, begin: Any, end: Any, row: Any
    ) -> Any:
        def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
            arrays = [
                target.make_array(kind)(target, builder, value).data
                for kind, value in zip(signature.args[:3], values[:3], strict=True)
            ]
            first_edge, last_edge, here = values[3:]
            word, eight = ir.IntType(64), ir.VectorType(ir.DoubleType(), 8)

            def line(number: Any) -> Any:
                first = builder.gep(arrays[0], [builder.mul(number, word(8))])
                return builder.bitcast(first, eight.as_pointer())

            total = cgutils.alloca_once(builder, eight)  # type: ignore[no-untyped-call,unused-ignore]
            builder.store(ir.Constant(eight, [0.0] * 8), total)
            with cgutils.for_range_slice(builder, first_edge, last_edge, word(1)) as (edge, _):
                number = builder.zext(builder.load(builder.gep(arrays[1], [edge])), word)
                part = builder.load(builder.gep(arrays[2], [edge]))
                first = builder.insert_element(ir.Constant(eight, ir.Undefined), part, word(0))
                same = ir.Constant(ir.VectorType(ir.IntType(32), 8), [0] * 8)
                parts = builder.shuffle_vector(first, ir.Constant(eight, ir.Undefined), same)
                held = builder.load(line(number), align=8)
                sums = builder.fadd(builder.load(total), builder.fmul(parts, held))
                builder.store(sums, total)
            builder.store(builder.load(total), line(here), align=8)
            return target.get_dummy_value()

        return numba.types.none(table, source, weight, begin, end, row), generate

    return cast("Loop", mixed)


def _mix(  # noqa: PLR0917 - as the other
    table: Numbers, source: Numbers, weight: Numbers, begin: int, end: int, row: int
) -> None:
    rows = table.reshape(-1, 8)
    rows[row] = weight[begin:end] @ rows[source[begin:end]]


mix = _mixing()
