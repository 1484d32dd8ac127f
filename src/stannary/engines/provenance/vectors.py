"""Eight numbers at once: what passes over the whole graph do in a few instructions."""

# ruff: noqa: PLR0917 - compiled loops take neither keywords nor records

import importlib
from typing import Any, cast

from stannary.core.kernel import InvariantError
from stannary.engines.provenance.compiling import Loop, numba

EIGHT = 8
_FUSED = ("contract",)  # a product and a sum may be one instruction


def packs() -> bool:
    """Say whether the processor can spread and pack numbers by a mask (AVX-512)."""
    if numba is None or numba.config.CPU_NAME or numba.config.CPU_FEATURES:
        return False
    features = importlib.import_module("llvmlite.binding").get_host_cpu_features()
    return all(features.get(f"avx512{x}") for x in ("f", "bw", "dq", "vl"))


PACKS = packs()


def _missing(*_: Any) -> Any:
    raise InvariantError("this is asked only where the processor and numba can do it")


class _Writer:
    """Writes instructions on vectors of eight numbers."""

    def __init__(self, target: Any, builder: Any, signature: Any) -> None:
        self.ir = ir = importlib.import_module("llvmlite.ir")
        self.target, self.builder, self.signature = target, builder, signature
        self.word, self.byte = ir.IntType(64), ir.IntType(8)
        self.eight = ir.VectorType(ir.DoubleType(), EIGHT)
        self.bits = ir.VectorType(ir.IntType(1), EIGHT)
        self.nothing = ir.Constant(self.eight, [0.0] * EIGHT)

    def array(self, values: Any, place: int) -> Any:
        """Give where the numbers of an argument begin."""
        kind = self.signature.args[place]
        return self.target.make_array(kind)(self.target, self.builder, values[place]).data

    def at(self, array: Any, place: Any) -> Any:
        """Give the address of eight numbers."""
        return self.builder.bitcast(self.builder.gep(array, [place]), self.eight.as_pointer())

    def same(self, number: Any) -> Any:
        """Give a number eight times."""
        ir, builder = self.ir, self.builder
        unknown = ir.Constant(self.eight, ir.Undefined)
        first = builder.insert_element(unknown, number, self.word(0))
        places = ir.Constant(ir.VectorType(ir.IntType(32), EIGHT), [0] * EIGHT)
        return builder.shuffle_vector(first, unknown, places)

    def added(self, total: Any, number: Any, eight: Any) -> Any:
        """Add eight numbers times a number."""
        product = self.builder.fmul(self.same(number), eight, flags=_FUSED)
        return self.builder.fadd(total, product, flags=_FUSED)

    def masked(self, name: str, eight: Any, mask: Any) -> Any:
        """Spread eight numbers to the places in a mask, or pack those from there."""
        name = f"llvm.x86.avx512.mask.{name}.v8f64"
        function = self.builder.module.globals.get(name)
        if function is None:
            kind = self.ir.FunctionType(self.eight, [self.eight, self.eight, self.bits])
            function = self.ir.Function(self.builder.module, kind, name)
        return self.builder.call(function, [eight, self.nothing, mask])


def _mixing() -> Loop:
    """Make a function that adds up rows with their weights, eight numbers at once.

    Rows may be narrower. What then stands behind a row is read and written with it, and is of no account: it
    is the begin of the next row, which is written afterwards.
    """
    if numba is None:
        return _missing
    cgutils = importlib.import_module("numba.core.cgutils")

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def mixed(
        _context: Any,
        table: Any,
        froms: Any,
        weight: Any,
        begin: Any,
        end: Any,
        here: Any,
        width: Any,
    ) -> Any:
        def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
            write = _Writer(target, builder, signature)
            rows, places, weights = (write.array(values, place) for place in range(3))
            begin, end, here, width = values[3:]
            word = write.word

            def line(number: Any) -> Any:
                return write.at(rows, builder.mul(number, width))

            total = cgutils.alloca_once(builder, write.eight)
            builder.store(write.nothing, total)

            def add(edge: Any) -> None:
                part = builder.load(builder.gep(weights, [edge]))
                row = builder.sext(builder.load(builder.gep(places, [edge])), word)
                held = builder.load(line(row), align=8)
                builder.store(write.added(builder.load(total), part, held), total)

            odd = builder.and_(builder.sub(end, begin), word(1))
            with builder.if_then(builder.icmp_unsigned("!=", odd, word(0))):
                add(begin)
            two = word(2)
            with cgutils.for_range_slice(builder, builder.add(begin, odd), end, two) as (edge, _):
                add(edge)
                add(builder.add(edge, word(1)))
            builder.store(builder.load(total), line(here), align=8)
            return target.get_dummy_value()

        return numba.types.none(table, froms, weight, begin, end, here, width), generate

    return cast("Loop", mixed)


mix = _mixing()


def _spreading() -> Loop:
    """Make a function that adds packed numbers, times a number, to eight sums by their mask."""
    if not PACKS:
        return _missing

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def spread(
        _context: Any, sums: Any, _begin: Any, shares: Any, _place: Any, _byte: Any, _part: Any
    ) -> Any:
        def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
            write = _Writer(target, builder, signature)
            to = write.at(write.array(values, 0), values[1])
            packed = builder.load(write.at(write.array(values, 2), values[3]), align=8)
            mask = builder.bitcast(builder.trunc(values[4], write.byte), write.bits)
            eight = write.masked("expand", packed, mask)
            builder.store(write.added(builder.load(to, align=8), values[5], eight), to, align=8)
            return target.get_dummy_value()

        word, number = numba.types.uint64, numba.types.float64
        return numba.types.none(sums, word, shares, word, word, number), generate

    return cast("Loop", spread)


spread = _spreading()


def _packing() -> Loop:
    """Make a function that moves those of eight sums that are not 0 up, and gives their mask."""
    if not PACKS:
        return _missing

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def pack(_context: Any, sums: Any, _begin: Any, shares: Any, _place: Any) -> Any:
        def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
            write = _Writer(target, builder, signature)
            from_ = write.at(write.array(values, 0), values[1])
            to = write.at(write.array(values, 2), values[3])
            eight = builder.load(from_, align=8)
            mask = builder.fcmp_unordered("!=", eight, write.nothing)
            builder.store(write.masked("compress", eight, mask), to, align=8)
            builder.store(write.nothing, from_, align=8)
            return builder.zext(builder.bitcast(mask, write.byte), write.word)

        word = numba.types.uint64
        return word(sums, word, shares, word), generate

    return cast("Loop", pack)


pack = _packing()


def _counting() -> Loop:
    """Make a function that counts the bits of a word."""
    if numba is None:
        return _missing

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def bits(_context: Any, _word: Any) -> Any:
        def generate(_target: Any, builder: Any, _signature: Any, values: Any) -> Any:
            return builder.ctpop(values[0])

        return numba.types.uint64(numba.types.uint64), generate

    return cast("Loop", bits)


bits = _counting()
