package org.ntk4j.base;

import org.jspecify.annotations.Nullable;

/** What a caller has to give: Java's {@code null} is told in the words of the method that was called. */
public final class Required {

    private Required() {
    }

    /**
     * Sees to it that an argument is there.
     *
     * @param name of the parameter
     * @throws Failure if it is null
     */
    public static void value(@Nullable Object value, String name) {
        if (value == null) {
            throw Failure.input(name + " is null; a value is needed");
        }
    }

    /**
     * Sees to it that a list of arguments is there, and each of them.
     *
     * @throws Failure naming the first that is null, counted from 0
     */
    public static void values(@Nullable Object @Nullable [] values, String name) {
        value(values, name);
        for (int i = 0; values != null && i < values.length; i++) {
            value(values[i], name + "[" + i + "]");
        }
    }
}
