package org.ntk4j.shell;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl.InternalException;
import jdk.jshell.spi.ExecutionControl.RunException;
import org.jspecify.annotations.Nullable;

/**
 * Runs compiled snippets in this process, on the caller's thread, and keeps the object that the last one returned and the
 * exception that it threw; JShell itself would turn both into text.
 */
final class SnippetControl extends DirectExecutionControl {

    private @Nullable Object value;
    private @Nullable Throwable thrown;

    SnippetControl() {
        super(new SnippetLoader());
    }

    /** Forgets the last value and the last exception. */
    void reset() {
        value = null;
        thrown = null;
    }

    /** What the last snippet returned. */
    @Nullable Object value() {
        return value;
    }

    /** What the last snippet threw. */
    Optional<Throwable> thrown() {
        return Optional.ofNullable(thrown);
    }

    @Override
    protected String invoke(Method snippet) throws Exception {
        value = snippet.invoke(null);
        return "";
    }

    @Override
    public String varValue(String className, String name) throws RunException, InternalException {
        try {
            Field field = findClass(className).getDeclaredField(name);
            field.setAccessible(true);
            value = field.get(null);
            return "";
        } catch (ReflectiveOperationException e) {
            throw new InternalException(e.toString());
        }
    }

    @Override
    protected String throwConvertedInvocationException(Throwable cause) throws RunException, InternalException {
        thrown = cause;
        return super.throwConvertedInvocationException(cause);
    }

    @Override
    protected String throwConvertedOtherException(Throwable exception) throws RunException, InternalException {
        thrown = exception;
        return super.throwConvertedOtherException(exception);
    }
}
