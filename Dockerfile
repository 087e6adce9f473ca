# The same hub as `mainstem serve`, in a container: docker build -t mainstem . && docker run -p 8080:8080 -v hub:/hub mainstem

FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/mainstem
COPY requirements/run.txt requirements/
RUN /opt/mainstem/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/mainstem/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
LABEL org.opencontainers.image.title="Mainstem" org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --home-dir /hub hub && install -d -o hub -g hub -m 700 /hub /hub/objects
COPY --from=build /opt/mainstem /opt/mainstem
ENV PATH=/opt/mainstem/bin:$PATH PYTHONUNBUFFERED=1 MAINSTEM_HOME=/hub
USER hub
VOLUME /hub
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
STOPSIGNAL SIGINT
ENTRYPOINT ["mainstem"]
CMD ["serve", "--host", "0.0.0.0"]
