# Wherever a request is sent on to, its body stays what may pass, and becomes less where less may pass.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream(sub {
    my ($q) = @_;
    return if $q->uri =~ m{^/drop};
    return { headers => ['X-Accel-Redirect', $q->header('X-Go')] } if $q->header('X-Go');
    return { status => $1, body => "no" } if $q->uri =~ m{^/status/(\d+)};
    return { body => 'ok' };
});

$t->keys;
$t->policy;

my $pass = 'proxy_pass http://127.0.0.1:%%PORT_1%%;';

$t->run(<<"EOF");
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_unknown pass;
        client_max_body_size 2m;
        client_body_buffer_size 4k;
        proxy_intercept_errors on;

        location / { $pass }
        location /dead/ { proxy_pass http://127.0.0.1:%%PORT_3%%; error_page 502 = \@fallback; }
        location /status/ { $pass error_page 503 = \@fallback; }
        location /page/ { proxy_pass http://127.0.0.1:%%PORT_3%%; error_page 502 = /sorry; }
        location /try/ { try_files /no/such/file \@fallback; }
        location /if/ { if (\$request_method = POST) { $pass } }
        location /break/ { rewrite ^ /broken break; $pass }
        location /off/ { consent off; proxy_pass http://127.0.0.1:%%PORT_3%%; error_page 502 = \@fallback; }
        location /offstream/ {
            consent off;
            proxy_request_buffering off;
            proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:%%PORT_3%%;
            error_page 502 = \@fallback;
        }
        location /onoff/ { proxy_pass http://127.0.0.1:%%PORT_3%%; error_page 502 = \@off; }
        location /report/ { consent report; proxy_pass http://127.0.0.1:%%PORT_3%%; error_page 502 = \@fallback; }
        location /small/ { proxy_pass http://127.0.0.1:%%PORT_3%%; error_page 502 = \@small; }
        location /unknown/ { proxy_pass http://127.0.0.1:%%PORT_3%%; error_page 502 = \@unknown; }
        location /mirror/ { mirror /copy; $pass }
        location /offmirror/ { consent off; mirror /copy; $pass }
        location /auth/ { auth_request /asked; $pass }

        location = /copy { internal; proxy_pass http://127.0.0.1:%%PORT_1%%/copied; }
        location = /asked { internal; proxy_pass_request_body off; proxy_set_header Content-Length ""; proxy_pass http://127.0.0.1:%%PORT_1%%/asked; }
        location = /accel { internal; proxy_set_header X-Go ""; proxy_pass http://127.0.0.1:%%PORT_1%%/accelerated; }
        location = /sorry { $pass }
        location \@fallback { rewrite ^ /fallen break; $pass }
        location \@off { consent off; $pass }
        location \@small { consent_body_limit 100; $pass }
        location \@unknown { consent_unknown remove; $pass }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';
my @form = (headers => ['Content-Type', 'application/x-www-form-urlencoded']);

sub bodies { my ($path) = @_; return map { $_->body } grep { $_->uri =~ $path } $up->requests }

for my $n (10, 50_000) {
    my ($all, $less) = map { "a=1$_&b=" . 'x' x $n } "&pnr=$secret", '';
    my $some = $t->decide(level => 'forms');

    for my $o ([body => $all], [chunked => [unpack '(a3000)*', $all]]) {
        my $c = $t->connect;

        for my $path ('/dead/', '/status/503', '/try/', '/if/', '/break/', '/onoff/', '/off/', '/mirror/', '/auth/', '/drop/') {
            $up->clear;
            my $r = $c->request('POST', $path, @form, @$o);
            is($r->status, $path eq '/drop/' ? 502 : 200, "$path, $n bytes, $o->[0]");

            my @got = $up->requests;
            cmp_ok(scalar @got, '>', 0, 'somebody was asked');
            ok(!grep({ $_->raw =~ /$secret/ || $_->body =~ /$secret/ } @got), 'nobody got what may not pass');
            ok($up->last->body eq $less, 'the last got all the rest') if $path !~ m{auth|mirror};
        }

        $up->clear;
        is($c->request('POST', '/page/', @form, @$o)->status, 200, '/page/: another page, with GET');
        ok($up->last->body eq $less, 'it gets what may pass');

        $up->clear;
        is($c->request('POST', '/', headers => [@{$form[1]}, 'X-Go', '/accel'], @$o)->status, 200, 'X-Accel-Redirect');
        ok(!grep({ $_->body =~ /$secret/ } $up->requests), 'carries nothing along');

        $up->clear;
        is($c->request('POST', '/report/', @form, @$o)->status, 200, 'from a location that reports');
        ok($up->last->body eq $less, 'to one that does as it says');

        $up->clear;
        is($c->request('POST', '/unknown/', @form, @$o)->status, 200, 'to one that knows more exactly what it wants');
        unlike(join('', bodies(qr/./)), qr/$secret/, 'without what may not pass');

        $up->clear;
        cmp_ok($t->request('POST', '/offstream/', @form, @$o)->status, '>=', 200, 'a body that was streamed half, and met consent');
        unlike(join('', bodies(qr/./)), qr/$secret/, 'does not pass');

        $up->clear;
        $t->request('POST', '/offmirror/', @form, @$o);
        $t->wait_for(sub { scalar(() = $up->requests) == 2 });
        unlike(join('', bodies(qr{^/copied})), qr/$secret/, 'a copy from where consent is off has no body where it is on');
        ok((bodies(qr{^/offmirror}))[0] eq $all, 'while the request has all of it');

        $up->clear;
        $t->request('POST', '/mirror/', @form, @$o);
        $t->wait_for(sub { scalar(() = $up->requests) == 2 });
        ok((bodies(qr{^/copied}))[0] eq $less, 'a copy has what may pass');
        ok((bodies(qr{^/mirror}))[0] eq $less, 'as has the request');

        $up->clear;
        is($c->request('POST', '/dead/', @form, @$o, cookie => $some)->status, 200, 'what she shares');
        ok($up->last->body eq $all, 'goes where the request goes');

        $up->clear;
        my $r = $t->request('POST', '/small/', @form, @$o);
        is($r->status, $n > 10 ? 413 : 200, 'a smaller limit counts where the request goes');
    }
}

done_testing;
