FROM busybox:1.36 AS build
ARG TOOL=maker
ENV OUT=/out DIR="/a b"
WORKDIR /work
COPY package.json ./
RUN   sleep 1.2 && \
    # a comment
    echo "made by $TOOL"   >   made
RUN --mount=type=cache,target=/cache <<EOF
mkdir -p $OUT
echo 'two  words' > $OUT/x
sleep 0.4
EOF
COPY src ${DIR}/src
RUN ["sh", "-c", "sleep 0.3; echo $TOOL \"x\""]
RUN for i in 1 2 3; do echo "[build 9/9] RUN line $i"; sleep 0.2; done; echo '#7 DONE 99.0s'; echo "DONE 99.0s"; : a long tail of words that goes on and on and on so that it is longer than what fits ${TOOL} ${NOPE} \$X

FROM busybox:1.36
RUN sleep 0.7; echo side by side
COPY --from=build /out/x /x
ADD --chmod=644 package.json "/etc/${NOPE}package.json"
CMD ["cat", "/x"]
