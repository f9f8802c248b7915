# nginx built from its source with the module inside does what the installed
# nginx does with the module loaded.

use lib 't/lib';
use Consent::Test;

my $root = $Consent::Test::ROOT;
my $build = "$Consent::Test::BUILD/static";

# few modules and no optimiser: this is about whether it builds and where the
# filter stands
my @without = map { "--without-http_${_}_module" } qw(ssi charset userid
    autoindex auth_basic mirror geo split_clients referer
    grpc memcached limit_conn limit_req empty_gif browser upstream_hash
    upstream_ip_hash upstream_least_conn upstream_random upstream_zone);
my $flags = join ' ', '--error-log-path=stderr', '--with-threads',
    '--with-http_gunzip_module', '--with-http_v2_module',
    '--with-http_auth_request_module', @without;

my $t = Consent::Test->new;

my ($status, $source) = $t->command("$root/tools/nginx-source",
    "$root/build/source");
chomp $source;
is($status, 0, 'the source of nginx') or diag $source;

($status, my $said) = do {
    local @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};
    delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};
    $t->command('make', '-s', '-C', $root, 'module', "BUILD=$build",
        "NGINX_SRC=$source", "NGINX_FLAGS=$flags",
        'NGINX_CC_OPT=-O0 -g -fPIC', 'SANITIZE=', 'JOBS=1', 'ARCHIVE=',
        defined $ENV{CC} ? "CC=$ENV{CC}" : ());
};
is($status, 0, 'nginx builds with the module inside') or diag $said;

open my $f, '<', "$build/nginx-tree/objs/ngx_modules.c" or die $!;
my $modules = do { local $/; <$f> };
like($modules, qr/&ngx_consent_module,\s+&ngx_http_gunzip_filter_module,/,
    'the filter stands in front of gunzip');

my $http = <<'EOF';
    %%CONSENT%%
    gunzip on;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /ai {
            consent on;
            consent_ai on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

# One nginx of each kind, the same requests, the same answers but for what
# differs from one start to the next.

my %saw;

for my $kind ('dynamic', 'static') {
    local @ENV{qw(TEST_NGINX_BINARY TEST_MODULE)};
    delete @ENV{qw(TEST_NGINX_BINARY TEST_MODULE)};
    @ENV{qw(TEST_NGINX_BINARY TEST_MODULE)} = ("$build/nginx", '')
        if $kind eq 'static';

    my $n = Consent::Test->new;
    $n->{ports} = { %{$t->{ports}} };
    $n->port($_) for 0, 1;
    $t->{ports} = { %{$n->{ports}} };
    my $up = $n->upstream(sub {
        return { headers => ['Content-Type', 'text/html; charset=utf-8'],
            gzip => scalar($_[0]->uri =~ /gzip/),
            body => '<!doctype html><html lang="sv"><head><title>T</title>'
                . '</head><body><p>Hej</body></html>' };
    });

    $n->keys;
    $n->policy;
    $n->run($http);

    $saw{$kind} = join "\n", map {
        my $r = $n->get($_, cookie => 'a=1; pnr=19121212-1212');
        my $raw = $r->head =~ s/^(?:Date|Server):.*\r\n//gmr . $r->text;
        $raw =~ s/date=\@\d+/date/;
        $raw . "\nupstream: " . ($up->last->header('Cookie') // '');
    } '/', '/?pnr=1&q=2', '/ai', '/ai?gzip';

    $n->stop;
    $_->stop for splice @{$n->{upstreams}};
}

like($saw{dynamic}, qr/data-consent="contact"/, 'pages carry the contact');
like($saw{dynamic}, qr/upstream: a=1$/m, 'requests are minimised');
my @notices = $saw{dynamic} =~ /data-consent="notice"/g;
is(scalar(@notices), 2, 'the gzipped page carries the notice too');
is($saw{static}, $saw{dynamic}, 'a static build does the same');

done_testing;
