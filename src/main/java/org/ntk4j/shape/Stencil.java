package org.ntk4j.shape;

/**
 * Which positions before a layer each position after it looks at, for each example: sentences of different lengths may look
 * at different ones.
 */
public interface Stencil {

    /** The number of offsets. */
    int area();

    /** {@code [axis][offset][position after]} along each axis of space, for inputs without padding; -1 is outside. */
    int[][][] along(Shape in);

    /** {@code [offset][position after]} for inputs without padding, offsets and positions in C order; -1 is outside. */
    default int[][] whole(Shape in) {
        return combine(along(in), in);
    }

    /** Tables along the axes as one table over positions in C order. */
    private static int[][] combine(int[][][] along, Shape in) {
        if (along.length == 1) {
            return along[0];
        }
        int width = in.space().get(1);
        int[][] first = along[0];
        int[][] second = along[1];
        int[][] table = new int[first.length * second.length][first[0].length * second[0].length];
        for (int a = 0; a < first.length; a++) {
            for (int b = 0; b < second.length; b++) {
                for (int p = 0; p < first[a].length; p++) {
                    for (int q = 0; q < second[b].length; q++) {
                        boolean inside = first[a][p] != -1 && second[b][q] != -1;
                        table[a * second.length + b][p * second[b].length + q] = inside ? first[a][p] * width + second[b][q] : -1;
                    }
                }
            }
        }
        return table;
    }

    /** The sources for a sentence whose first {@code length} positions are real, as if the rest were not there. */
    int[][] sentence(Shape in, int length);

    /** The number of real positions after it. */
    int lengthAfter(int length);

    /** True if padding may stay where it is: zeros like those of the border. */
    boolean keepsPositions();

    /** A word for the way it treats the border: {@code same}, {@code circular}. */
    String border();
}
