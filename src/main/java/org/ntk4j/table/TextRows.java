package org.ntk4j.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a table, one after the other, as texts. */
interface TextRows extends AutoCloseable {

    /** The line in which the last row begins, from 1. */
    int number();

    /** The fields of the next row; null after the last. */
    @Nullable List<String> next();

    @Override
    void close();
}
