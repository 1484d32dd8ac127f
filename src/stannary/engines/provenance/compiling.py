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
        return {"ctlz": _leading, "cttz": _trailing}[count]
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


def prefetch(builder: Any, address: Any, *, to_write: bool = False) -> None:
    """Write the instruction that asks for the line of the cache with an address."""
    from llvmlite import ir  # noqa: PLC0415 - comes with numba

    byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
    name = "llvm.prefetch.p0i8" if "*" in str(byte) else "llvm.prefetch.p0"
    ask = builder.module.declare_intrinsic(name, fnty=kind)
    keep, data = flag(3), flag(1)
    builder.call(ask, [builder.bitcast(address, byte), flag(int(to_write)), keep, data])


def _fetching() -> Callable[[Numbers, np.uint64], None]:
    """Make a function that asks for the line of the cache with an element, and does not wait for it."""
    if numba is None:
        return _nothing

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def line(_context: Any, numbers: Any, _place: Any) -> Any:
        def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
            array = target.make_array(signature.args[0])(target, builder, values[0])
            prefetch(builder, builder.gep(array.data, [values[1]]))
            return target.get_dummy_value()

        return numba.types.none(numbers, numba.types.uint64), generate

    return cast("Callable[[Numbers, np.uint64], None]", line)


def _nothing(numbers: Numbers, place: np.uint64) -> None:  # noqa: ARG001 - there is nothing to gain
    return None


fetch = _fetching()
