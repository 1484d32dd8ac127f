"""Eight numbers at once: what passes over the whole graph do in a few instructions."""

# ruff: noqa: PLR0917 - compiled loops take neither keywords nor records

import importlib
from typing import Any, cast

from stannary.core.kernel import InvariantError
from stannary.engines.provenance.compiling import Loop, numba, prefetch

EIGHT = 8
_FUSED = ("contract",)  # a product and a sum may be one instruction


def packs() -> bool:
    """Say whether the processor can spread numbers by a mask (AVX-512) and pick bits by one (BMI2)."""
    if numba is None or numba.config.CPU_NAME or numba.config.CPU_FEATURES:
        return False
    features = importlib.import_module("llvmlite.binding").get_host_cpu_features()
    return all(features.get(x) for x in ("avx512f", "avx512bw", "avx512dq", "avx512vl", "bmi2"))


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

    def added(self, total: Any, eight: Any, others: Any) -> Any:
        """Add eight products to a total; None is nothing yet."""
        product = self.builder.fmul(eight, others, flags=_FUSED)
        return product if total is None else self.builder.fadd(total, product, flags=_FUSED)

    def spread(self, eight: Any, mask: Any) -> Any:
        """Spread numbers to the places in a mask, in their order; elsewhere is 0."""
        name = "llvm.x86.avx512.mask.expand.v8f64"
        kind = self.ir.FunctionType(self.eight, [self.eight, self.eight, self.bits])
        function = self.builder.module.globals.get(name)
        function = function or self.ir.Function(self.builder.module, kind, name)
        return self.builder.call(function, [eight, self.nothing, mask])

    def ask(self, array: Any, place: Any, *, to_write: bool = False) -> None:
        """Ask for the line of the cache with a number."""
        prefetch(self.builder, self.builder.gep(array, [place]), to_write=to_write)


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
                builder.store(write.added(builder.load(total), write.same(part), held), total)

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


PART = 56
"""Bits in a word of `head`."""

LATER, SOON, BEYOND = 32, 8, 512
"""Edges by which rows, and then shares, are asked for before they are needed; shares, before they are written."""


class _Inputs:
    """Writes instructions that find rows of inputs in `head`, and read them."""

    def __init__(self, write: _Writer, head: Any, froms: Any, origins: Any, stride: Any) -> None:
        self.write, self.head, self.froms = write, head, froms
        self.origins, self.stride = origins, stride

    def row(self, edge: Any) -> Any:
        """Give where in `head` the row of an input begins."""
        builder = self.write.builder
        number = builder.load(builder.gep(self.froms, [edge]))
        number = builder.add(builder.sext(number, self.write.word), self.origins)
        return builder.mul(number, self.stride)

    def word(self, place: Any) -> Any:
        """Give a number of `head`."""
        return self.write.builder.load(self.write.builder.gep(self.head, [place]))


def _uniting() -> Loop:
    """Make a function that gives a mix a bit for each origin that any of its inputs has.

    It is given `head`, `froms`, the first and behind the last edge, how many origins there are, the stride of `head`,
    and where the row of the mix begins. The numbers in which rows begin are lost. What later edges need is asked for.
    """
    if not PACKS:
        return _missing
    cgutils = importlib.import_module("numba.core.cgutils")

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def unite(
        _context: Any,
        head: Any,
        froms: Any,
        _edge: Any,
        _end: Any,
        _origins: Any,
        _stride: Any,
        _row: Any,
    ) -> Any:
        def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
            write = _Writer(target, builder, signature)
            head, froms = write.array(values, 0), write.array(values, 1)
            edge, end, origins, stride, row = values[2:]
            inputs, one = _Inputs(write, head, froms, origins, stride), write.word(1)
            kind = write.ir.VectorType(write.word, EIGHT)
            bits = cgutils.alloca_once(builder, kind)

            def line(begin: Any, place: Any) -> Any:
                at = builder.gep(head, [builder.add(begin, place)])
                return builder.bitcast(at, kind.as_pointer())

            eight = write.word(EIGHT)
            with cgutils.for_range_slice(builder, write.word(0), stride, eight) as (place, _):
                builder.store(write.ir.Constant(kind, [0] * EIGHT), bits)
                with cgutils.for_range_slice(builder, edge, end, one) as (here, _):
                    later = inputs.row(builder.add(here, write.word(LATER)))
                    write.ask(head, builder.add(later, place))
                    held = builder.load(line(inputs.row(here), place), align=8)
                    builder.store(builder.or_(builder.load(bits), held), bits)
                builder.store(builder.load(bits), line(row, place), align=8)
            return target.get_dummy_value()

        given = (head, froms, *[numba.types.int64] * 5)
        return numba.types.none(*given), generate

    return cast("Loop", unite)


unite = _uniting()


def _laying(many: int, *, more: bool = False) -> Loop:
    """Make a function that adds up packed shares of so many inputs, times their weights, eight origins at once.

    It is given where shares of the mix are written: an array, and a place in it; where its row in `head` begins,
    and its first edge; then `shares`, `head`, `froms`, `weight`, and `marks`, which is for its own use; how many
    origins there are, the stride of `head`, and how many words of bits a row has. It gives how many origins the
    mix has.

    Args:
        many: How many inputs.
        more: Whether they are added to what is written already, or written.
    """
    if not PACKS:
        return _missing

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def lay(
        _context: Any,
        out: Any,
        _to: Any,
        _row: Any,
        _edge: Any,
        shares: Any,
        head: Any,
        froms: Any,
        weight: Any,
        marks: Any,
        _origins: Any,
        _stride: Any,
        _words: Any,
    ) -> Any:
        def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
            write = _Writer(target, builder, signature)
            to, row, edge = values[1:4]
            shares, head, froms, weight, marks = (write.array(values, x) for x in range(4, 9))
            origins, stride, words = values[9:]
            inputs = _Inputs(write, head, froms, origins, stride)
            edges = [builder.add(edge, write.word(n)) for n in range(many)]
            rows = [inputs.row(x) for x in edges]
            marks = builder.bitcast(marks, write.byte.as_pointer())
            width = builder.shl(words, write.word(3))
            masks = [builder.gep(marks, [builder.mul(width, write.word(n))]) for n in range(many)]
            total = _mark(inputs, rows, row, words, masks)
            parts = [write.same(builder.load(builder.gep(weight, [x]))) for x in edges]
            soon = [inputs.word(inputs.row(builder.add(x, write.word(SOON)))) for x in edges]
            begins = [inputs.word(x) for x in rows]
            steps = builder.lshr(builder.add(total, write.word(EIGHT - 1)), write.word(3))
            out = builder.gep(write.array(values, 0), [to])
            _add(write, shares, out, steps, parts, masks, begins, soon, more=more)
            return total

        word = numba.types.int64
        arrays = (shares, head, froms, weight, marks)
        return word(out, word, word, word, *arrays, word, word, word), generate

    return cast("Loop", lay)


def _mark(inputs: _Inputs, rows: list[Any], row: Any, words: Any, masks: list[Any]) -> Any:
    """Write which of the origins of a mix its inputs have: a bit for each; give how many it has.

    A word of `head` has at most `PART` bits, so that they fit into one behind up to seven others.
    """
    write, builder = inputs.write, inputs.write.builder
    cgutils = importlib.import_module("numba.core.cgutils")
    one, three, seven = (write.word(n) for n in (1, 3, 7))
    held = [cgutils.alloca_once_value(builder, write.word(0)) for _ in rows]
    rank = cgutils.alloca_once_value(builder, write.word(0))
    name = "llvm.x86.bmi.pext.64"
    kind = write.ir.FunctionType(write.word, [write.word] * 2)
    pick = builder.module.globals.get(name) or write.ir.Function(builder.module, kind, name)
    with cgutils.for_range(builder, words) as loop:
        place = builder.add(loop.index, one)
        wanted = inputs.word(builder.add(row, place))
        before = builder.load(rank)
        after = builder.add(before, builder.ctpop(wanted))
        builder.store(after, rank)
        bit, byte = builder.and_(before, seven), builder.lshr(before, three)
        whole = builder.shl(builder.sub(builder.lshr(after, three), byte), three)
        for mask, begin, bits in zip(masks, rows, held, strict=True):
            has = builder.call(pick, [inputs.word(builder.add(begin, place)), wanted])
            both = builder.or_(builder.load(bits), builder.shl(has, bit))
            to = builder.bitcast(builder.gep(mask, [byte]), write.word.as_pointer())
            builder.store(both, to, align=1)
            builder.store(builder.lshr(both, whole), bits)
    return builder.load(rank)


def _add(
    write: _Writer,
    shares: Any,
    out: Any,
    steps: Any,
    parts: list[Any],
    masks: list[Any],
    begins: list[Any],
    soon: list[Any],
    *,
    more: bool,
) -> None:
    """Add up the shares of some inputs by what was marked, and ask for those of later ones."""
    builder, word = write.builder, write.word
    cgutils = importlib.import_module("numba.core.cgutils")
    places = [cgutils.alloca_once_value(builder, x) for x in begins]
    with cgutils.for_range(builder, steps) as loop:
        to = builder.mul(loop.index, word(EIGHT))
        write.ask(out, builder.add(to, word(BEYOND)), to_write=True)
        sums = builder.load(write.at(out, to), align=8) if more else None
        for part, mask, place, near in zip(parts, masks, places, soon, strict=True):
            write.ask(shares, builder.add(near, to))
            mark = builder.load(builder.gep(mask, [loop.index]))
            here = builder.load(place)
            packed = builder.load(write.at(shares, here), align=8)
            spread = write.spread(packed, builder.bitcast(mark, write.bits))
            sums = write.added(sums, part, spread)
            builder.store(builder.add(here, builder.zext(builder.ctpop(mark), word)), place)
        builder.store(sums, write.at(out, to), align=8)


lay_one, lay_two, lay_three, lay_four = (_laying(n) for n in range(1, 5))
lay_four_more = _laying(4, more=True)


def _streaming() -> Loop:
    """Make a function that writes whole lines past the caches: to where, from which place on, from where, how many.

    What is written so is not read again soon, and does not push out what is; nor is it read before it is written.
    """
    if not PACKS:
        return _missing
    cgutils = importlib.import_module("numba.core.cgutils")

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def stream(_context: Any, to: Any, _place: Any, from_: Any, _many: Any) -> Any:
        def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
            write = _Writer(target, builder, signature)
            to, from_ = builder.gep(write.array(values, 0), [values[1]]), write.array(values, 2)
            flag = write.ir.Constant(write.ir.IntType(32), 1)
            past = builder.module.add_metadata([flag])
            eight = write.word(EIGHT)
            with cgutils.for_range_slice(builder, write.word(0), values[3], eight) as (place, _):
                line = builder.load(write.at(from_, place), align=64)
                builder.store(line, write.at(to, place), align=64).set_metadata("nontemporal", past)
            return target.get_dummy_value()

        word = numba.types.int64
        return numba.types.none(to, word, from_, word), generate

    return cast("Loop", stream)


stream = _streaming()


def _settling() -> Loop:
    """Make a function that waits until what was written past the caches is there for every thread."""
    if not PACKS:
        return _missing

    @numba.extending.intrinsic  # type: ignore[untyped-decorator,unused-ignore] # numba has no types
    def settle(_context: Any) -> Any:
        def generate(target: Any, builder: Any, _signature: Any, _values: Any) -> Any:
            ir = importlib.import_module("llvmlite.ir")
            kind = ir.FunctionType(ir.VoidType(), [])
            builder.call(builder.module.declare_intrinsic("llvm.x86.sse.sfence", fnty=kind), [])
            return target.get_dummy_value()

        return numba.types.none(), generate

    return cast("Loop", settle)


settle = _settling()
