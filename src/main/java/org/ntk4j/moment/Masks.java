package org.ntk4j.moment;

/** Padding contributes 0 everywhere. */
final class Masks {

    private Masks() {
    }

    /** The block with zeros at padding of either side; written in place, since the block was just made. */
    static Block zero(Block block, Side left, Side right) {
        if (left.real() == null && right.real() == null) {
            return block;
        }
        int n = block.positions();
        int at = 0;
        for (int pair = 0; pair < block.pairs(); pair++) {
            int i = block.left(pair);
            int j = block.right(pair);
            for (int p = 0; p < n; p++) {
                for (int q = block.span() == Span.EQUAL ? p : 0; q < (block.span() == Span.EQUAL ? p + 1 : n); q++) {
                    if (!left.isReal(i, p) || !right.isReal(j, q)) {
                        block.k()[at] = 0;
                        block.t()[at] = 0;
                    }
                    at++;
                }
            }
        }
        return block;
    }
}
