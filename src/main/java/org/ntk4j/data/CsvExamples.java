package org.ntk4j.data;

import java.util.List;
import org.ntk4j.shape.Shape;
import org.ntk4j.table.TableColumns;
import org.ntk4j.table.LabelledTable;

/**
 * What a table of inputs holds.
 *
 * @param table       labels; one class where targets are real values
 * @param shape       of an input
 * @param values      of all inputs, in C order
 * @param targets     of all rows, one after the other; none for classes
 * @param places      which column is what
 * @param headed      whether the first row has the names of the columns
 * @param targetNames the names of the targets' columns, else their numbers
 */
record CsvExamples(LabelledTable table, Shape shape, double[] values, double[] targets, TableColumns.Places places, boolean headed,
        List<String> targetNames) implements Examples {

    @Override
    public int count() {
        return table.labels().length;
    }

    @Override
    public int[] labels() {
        return table.labels();
    }

    @Override
    public void copy(int index, double[] to, int at) {
        System.arraycopy(values, index * shape.size(), to, at, shape.size());
    }

    @Override
    public double[] targets(int index) {
        int width = targetNames.size();
        return java.util.Arrays.copyOfRange(targets, index * width, (index + 1) * width);
    }
}
