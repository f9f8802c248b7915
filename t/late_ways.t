# Who asks is known only after a question to a login (consent_identity subject=$who). On whatever way a request, and what is
# made of it, reaches a server meanwhile or instead: it holds nothing that may not pass, neither in its head nor in its body.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream(sub {
    my ($q) = @_;
    return { headers => ['X-Accel-Redirect', $q->header('X-Go')] } if $q->header('X-Go');
    return { status => $1, body => 'no' } if $q->uri =~ m{^/status/(\d+)};
    return { body => 'ok' };
});
my $login = $t->upstream(sub {
    my ($q) = @_;
    my ($who) = ($q->header('Cookie') // '') =~ /SESSION=(\w+)/;
    return $who || $q->uri !~ /strict/ ? { headers => ['X-User', $who // ''] } : { status => 401 };
}, port => 2);
my $copy = $t->upstream({ body => '' }, port => 3);

$t->keys;
$t->policy;

my $pass = 'proxy_pass http://127.0.0.1:%%PORT_1%%;';

$t->run(<<"EOF");
    %%CONSENT%%

    map \$http_upgrade \$connection_upgrade { default upgrade; "" ""; }

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_5%% http2;
        consent on;
        consent_unknown pass;
        consent_identity subject=\$who issuer=portal;
        auth_request /login;
        auth_request_set \$who \$upstream_http_x_user;
        proxy_intercept_errors on;
        client_body_buffer_size 4k;

        location / { $pass }
        location /stream/ { proxy_request_buffering off; proxy_http_version 1.1; $pass }
        location /strict/ { auth_request /strict; $pass }
        location /named/ { auth_request /strict; error_page 401 = \@named; $pass }
        location /page/ { auth_request /strict; error_page 401 403 /sorry; $pass }
        location /open/ { auth_request /strict; error_page 401 = \@open; $pass }
        location /any/ { satisfy any; allow all; auth_request /strict; $pass }
        location /dead/ { proxy_pass http://127.0.0.1:%%PORT_9%%; error_page 502 504 = \@named; }
        location /again/ { proxy_pass http://127.0.0.1:%%PORT_9%%; error_page 502 504 = \@again; }
        location /status/ { error_page 503 = /sorry; $pass }
        location /mirror/ { mirror /copy; mirror_request_body on; $pass }
        location /try/ { try_files /no/such \@named; }
        location /last/ { rewrite ^/last/(.*) /moved/\$1 last; }
        location /if/ { if (\$request_method = POST) { $pass } $pass }
        location /socket/ {
            proxy_http_version 1.1;
            proxy_set_header Upgrade \$http_upgrade;
            proxy_set_header Connection \$connection_upgrade;
            $pass
        }
        location /loud/ {
            auth_request /loud;
            proxy_set_header X-All "\$request_uri|\$request|\$args|\$arg_pnr|\$cookie_pnr|\$http_cookie|\$http_x_personnummer|\$http_referer|\$query_string|\$request_body";
            $pass
        }

        # as people write them who think of nothing but what would never end
        location = /login { internal; auth_request off; proxy_set_header Content-Length ""; proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location = /strict { internal; auth_request off; proxy_set_header Content-Length ""; proxy_pass http://127.0.0.1:%%PORT_2%%/strict\$is_args\$args; }
        location = /loud {
            internal;
            auth_request off;
            proxy_set_header Content-Length "";
            proxy_set_header X-All "\$request_uri|\$request|\$args|\$arg_pnr|\$cookie_pnr|\$http_cookie|\$http_x_personnummer|\$http_referer|\$query_string|\$request_body";
            proxy_pass http://127.0.0.1:%%PORT_2%%\$request_uri;
        }
        location = /copy { internal; auth_request off; proxy_pass http://127.0.0.1:%%PORT_3%%\$request_uri; }
        location = /accel { internal; auth_request off; proxy_set_header X-Go ""; $pass }
        location = /sorry { auth_request off; $pass }
        location \@named { auth_request off; $pass }
        location \@again { auth_request /copied; $pass }
        location = /copied { internal; auth_request off; proxy_set_header Content-Length ""; proxy_pass http://127.0.0.1:%%PORT_3%%\$request_uri; }
        location \@open { auth_request off; consent_identity subject=\$who issuer=portal; $pass }
        location /.privacy/ { consent_pages; }
    }
EOF

my $c = Consent::Test::Canary->new($t, $up, $login, $copy);
my $n = 0;

sub v { return $c->value('v' . $n++) }

my @paths = ('/', '/stream/', '/strict/', '/named/', '/page/', '/open/', '/any/', '/dead/', '/again/', '/status/503', '/mirror/', '/try/', '/last/x', '/if/',
    '/socket/', '/loud/');

# one request with a value in each carrier; the body as what

sub ask {
    my ($path, $kind, %o) = @_;

    my %body = (none => [], form => ['application/x-www-form-urlencoded', 'a=1&pnr=' . v() . '&b=' . 'x ' x ($o{more} // 1)],
        json => ['application/json', '{"a":1,"pnr":"' . v() . '","b":"' . 'x ' x ($o{more} // 1) . '"}'],
        opaque => ['application/octet-stream', v()]);
    my ($type, $body) = @{$body{$kind}};
    my @headers = ('Accept', 'application/json', 'X-Personnummer', v(), 'Referer', 'https://x/?pnr=' . v(), @{$o{headers} // []},
        $type ? ('Content-Type', $type) : ());

    return $t->request($type ? 'POST' : 'GET', "$path?a=1&pnr=" . v(), headers => \@headers, cookie => join('; ', 'a=1', 'pnr=' . v(), $o{cookie} // ()),
        defined $body ? $o{chunked} ? (chunked => [unpack '(a700)*', $body]) : (body => $body) : (), $o{h2} ? (port => 5, version => 2) : ());
}

my %status;

for my $who (undef, 'SESSION=anna') {
    for my $path (@paths) {
        for (['none'], ['form'], ['form', more => 3000], ['form', more => 3000, chunked => 1], ['json'], ['opaque'], ['form', h2 => 1],
            ['none', headers => ['X-Go', '/accel']], ['form', headers => ['X-Go', '/accel']])
        {
            my ($kind, %o) = @$_;
            my $r = ask($path, $kind, %o, $who ? (cookie => $who) : ());
            $t->wait_for(sub { scalar($copy->requests) }) if $path =~ /mirror/ && $r->status == 200;
            my @got = map { $_->requests } $up, $login, $copy;
            my @leaks = map { $c->found($_) } $r->raw // '', map { Consent::Test::Canary::bytes_of($_) } @got;
            is_deeply(\@leaks, [], join ' ', $who ? 'somebody' : 'nobody', $path, map { ref ? "@$_" : $_ } $kind, %o)
                or diag(join "\n", map { $_->raw } @got);
            $status{$r->status}++;
            $_->clear for $up, $login, $copy;
        }
    }
}

is_deeply([$c->written], [], 'nor has any file any of it');
is_deeply([sort keys %status], [200, 401, 415], 'most pass, some need a login, and what nobody can read is refused') or diag(explain(\%status));

# an upgrade

my @socket = ('Connection', 'Upgrade', 'Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version', '13');

is(ask('/socket/', 'none', headers => [@socket, 'Upgrade', 'websocket'])->status, 403, 'a web socket is refused');
is(scalar($up->requests), 0, 'and nobody hears of it');
is_deeply([$c->leaks], [], 'nor of what came with it');
is(ask('/socket/', 'none', headers => [@socket, 'Upgrade', 'h2c'])->status, 200, 'another protocol is an offer');
is($up->last->header('Upgrade'), undef, 'that is not passed on');
is_deeply([$c->leaks], [], 'nor what came with it');

# she who has shared it

$t->decide(categories => ['contact', 'identity', 'location', 'health'], cookie => 'SESSION=bo');

for my $path (grep { !m{^/(?:stream|page|any|dead|try|last|socket)} } @paths) {
    $c->clear;
    is($t->request('POST', "$path?pnr=1", cookie => 'SESSION=bo; pnr=2', headers => ['Content-Type', 'application/x-www-form-urlencoded', 'X-Personnummer', 3],
        body => 'pnr=4')->status, 200, "$path: what she shares");
    my $q = $up->last;
    my @got = ($q->uri =~ /pnr=(\d)/, $q->header('Cookie') =~ /pnr=(\d)/, $q->header('X-Personnummer'), $q->body);
    is("@got", $path =~ /status/ ? '2 3 pnr=4' : '1 2 3 pnr=4', 'arrives') or diag($q->raw);
    ok(!grep({ $_->raw =~ /pnr=/ || $_->body } $login->requests), 'and the login had nothing of it');
}

done_testing;
