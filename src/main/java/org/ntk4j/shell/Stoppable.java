package org.ntk4j.shell;

import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The user's compiled code with a call of {@link Stop#check} in each loop and at the beginning of each method: so that Ctrl-C ends it,
 * whatever it does.
 */
final class Stoppable {

    private static final String STOP = "org/ntk4j/shell/Stop";
    private static final Handle CONSTANT = new Handle(Opcodes.H_INVOKESTATIC, STOP, "of",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;)L" + STOP + ";", false);
    private static final ConstantDynamic SESSIONS = new ConstantDynamic("stop", "L" + STOP + ";", CONSTANT);

    private Stoppable() {
    }

    /** The class with its checks; as it is where they would make a method too long. */
    static byte[] of(byte[] code) {
        ClassReader reader = new ClassReader(code);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        try {
            reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
                @Override
                public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                    return new Checks(super.visitMethod(access, name, descriptor, signature, exceptions));
                }
            }, 0);
            return writer.toByteArray();
        } catch (MethodTooLargeException e) {
            return code;
        }
    }

    /** A jump to what was visited before closes a loop. */
    private static final class Checks extends MethodVisitor {

        private final Set<Label> visited = new HashSet<>();

        Checks(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            check();
        }

        @Override
        public void visitLabel(Label label) {
            visited.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            if (visited.contains(label)) {
                check();
            }
            super.visitJumpInsn(opcode, label);
        }

        private void check() {
            super.visitLdcInsn(SESSIONS);
            super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, STOP, "check", "()V", false);
        }
    }
}
